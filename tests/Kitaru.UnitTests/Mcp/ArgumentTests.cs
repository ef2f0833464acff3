using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

public class ArgumentTests
{
    private static readonly KitaruTool Tool = new()
    {
        Name = "sample",
        Title = "Sample",
        Description = "A tool.",
        Hints = ToolHints.Read,
        Output = new JsonObject(),
        Arguments =
        [
            Argument.Text("exec_id", "An id.", required: true),
            Argument.Integer("limit", "How many.", least: 1, most: 100, preset: 20),
            Argument.Words("status", "A word.", ["running", "waiting"]),
            Argument.Map("args", "An object.", new JsonObject { ["topic"] = "tea" }),
            Argument.TextList("tags", "Labels.", most: 2, example: "nightly"),
        ],
        CallAsync = (_, _) => throw new InvalidOperationException(),
    };

    [Fact]
    public void Check_GivenArguments_AreKeptAndDefaultsFilledIn() =>
        Check("""{"exec_id":"a","tags":["x"]}""").ToJsonString().ShouldBe("""{"exec_id":"a","limit":20,"tags":["x"]}""");

    [Theory]
    [InlineData("limit", "1")]
    [InlineData("limit", "100")]
    [InlineData("limit", "20.0")]
    [InlineData("limit", "2e1")]
    [InlineData("status", "\"waiting\"")]
    [InlineData("exec_id", "\"\\u00fc \\ud83d\\ude00 \\n\"")]
    public void Check_WhatFits_IsKeptAsItIs(string name, string given)
    {
        var arguments = new JsonObject { ["exec_id"] = "a", [name] = JsonNode.Parse(given) };
        JsonNode.DeepEquals(Check(arguments.ToJsonString())[name], JsonNode.Parse(given)).ShouldBeTrue();
    }

    [Fact]
    public void Check_NullForOptional_CountsAsNotGiven() =>
        Check("""{"exec_id":"a","limit":null,"status":null,"args":null}""").ToJsonString().ShouldBe("""{"exec_id":"a","limit":20}""");

    [Theory]
    [InlineData("""{"topic":"tea"}""")]
    [InlineData("\"{\\\"topic\\\":\\\"tea\\\"}\"")]
    public void Check_ObjectAsObjectOrAsJsonText_IsTheObject(string args) =>
        Check($$"""{"exec_id":"a","args":{{args}}}""")["args"]!["topic"]!.ToString().ShouldBe("tea");

    [Theory]
    [InlineData("""{"exec_id":"a","args":"null"}""")]
    public void Check_NullAsText_CountsAsNotGiven(string arguments) => Check(arguments).ContainsKey("args").ShouldBeFalse();

    [Theory]
    [InlineData("""{"exec_id":"a","limit":"20"}""", "limit", "an integer from 1 to 100", "string \"20\"")]
    [InlineData("""{"exec_id":"a","limit":101}""", "limit", "an integer from 1 to 100", "number 101")]
    [InlineData("""{"exec_id":"a","limit":1.5}""", "limit", "an integer from 1 to 100", "number 1.5")]
    [InlineData("""{"exec_id":"a","limit":true}""", "limit", "an integer from 1 to 100", "boolean true")]
    [InlineData("""{"exec_id":7}""", "exec_id", "a string that is not empty", "number 7")]
    [InlineData("""{"exec_id":""}""", "exec_id", "a string that is not empty", "string \"\"")]
    [InlineData("""{}""", "exec_id", "a string that is not empty", "nothing")]
    [InlineData("""{"exec_id":null}""", "exec_id", "a string that is not empty", "null")]
    [InlineData("""{"exec_id":"a","args":"tea"}""", "args", "an object", "string \"tea\"")]
    [InlineData("""{"exec_id":"a","args":[1]}""", "args", "an object", "list of 1")]
    [InlineData("""{"exec_id":"a","tags":["a","b","c"]}""", "tags", "a list", "list of 3")]
    [InlineData("""{"exec_id":"a","tags":"nightly"}""", "tags", "a list", "string \"nightly\"")]
    public void Check_WrongValue_SaysArgumentExpectedGotExample(string arguments, string argument, string expected, string got)
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check(arguments));
        fault.Code.ShouldBe("KitaruUsageError");
        fault.Message.ShouldStartWith($"Argument '{argument}': expected {expected}, got {got}.");
        fault.NextStep.ShouldNotBeNull().ShouldStartWith("Call sample again with arguments such as {");
        fault.Details!["argument"]!.ToString().ShouldBe(argument);
        fault.Details["expected"]!.ToString().ShouldBe(expected);
        fault.Details["got"]!.ToString().ShouldBe(got);
        fault.Details["example"].ShouldNotBeNull();
    }

    [Fact]
    public void Check_UnknownArgument_NamesTheNearestAndAll()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check("""{"exec_id":"a","limt":3}"""));
        fault.Message.ShouldBe("There is no argument 'limt'. Did you mean 'limit'? Arguments: exec_id, limit, status, args, tags.");
        fault.Details!["nearest"]!.ToString().ShouldBe("limit");
    }

    [Fact]
    public void Check_UnknownWord_NamesTheNearest()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check("""{"exec_id":"a","status":"wating"}"""));
        fault.Message.ShouldBe("Argument 'status': expected one of 'running', 'waiting', got string \"wating\". Did you mean 'waiting'?");
        fault.Details!["nearest"]!.ToString().ShouldBe("waiting");
    }

    [Fact]
    public void Check_WordInOtherCase_IsUnderstood() => Check("""{"exec_id":"a","status":" Waiting"}""")["status"]!.ToString().ShouldBe("waiting");

    [Fact]
    public void Check_SeveralProblems_AreSaidAtOnce()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check("""{"limit":0,"x":1}"""));
        fault.Message.ShouldContain("'x'");
        fault.Message.ShouldContain("'exec_id'");
        fault.Message.ShouldContain("'limit'");
        fault.Details!["problems"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public void Check_RepeatedKeyInsideAnObject_IsRefused() =>
        Should.Throw<KitaruUsageException>(() => Check("""{"exec_id":"a","args":{"k":1,"k":2}}""")).Message.ShouldContain("Argument 'args'");

    [Theory]
    [InlineData("""{"exec_id":"a\u0000b"}""", "exec_id", "NUL")]
    [InlineData("""{"exec_id":"a\ud800"}""", "exec_id", "surrogate")]
    [InlineData("""{"exec_id":"a","tags":["\udc00"]}""", "tags", "surrogate")]
    [InlineData("""{"exec_id":"a","args":{"topic":"\ud800"}}""", "args", "surrogate")]
    [InlineData("""{"exec_id":"a","args":{"\ud800":1}}""", "args", "surrogate")]
    public void Check_TextThatIsNone_IsRefused(string arguments, string argument, string saying)
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check(arguments));
        fault.Message.ShouldContain($"'{argument}'");
        fault.Message.ShouldContain(saying);
    }

    [Fact]
    public void Check_OversizedText_IsRefused_AndNotRepeated()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Check($$"""{"exec_id":"{{new string('x', 100_000)}}"}"""));
        fault.Message.ShouldContain("at most 8192 characters, got 100000 characters");
        fault.Message.Length.ShouldBeLessThan(500);
    }

    private static JsonObject Check(string arguments) => ArgumentCheck.Check(
        Tool, JsonDocument.Parse(arguments).RootElement.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value));
}
