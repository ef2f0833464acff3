using System.Text.Json.Nodes;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Json;

public class InputBinderTests
{
    private static readonly FlowDefinition Flow = new()
    {
        Name = "research_agent",
        Type = "Research",
        Method = "ResearchAgent",
        Parameters =
        [
            Parameter("topicName", required: true, """{"type":"string"}"""),
            Parameter("budget", required: true, """{"type":"integer","minimum":1}"""),
            Parameter("maxRounds", required: false, """{"type":"integer","default":3}"""),
            Parameter("note", required: false, """{"type":["string","null"],"default":null}"""),
            Parameter("extra", required: false, """{"type":"object"}"""),
        ],
    };

    [Fact]
    public void Bind_CSharpNames_FillsDefaultsInOrderOfParameters() =>
        Bind("""{"budget":2,"topicName":"tea"}""").ToJsonString().ShouldBe("""{"topicName":"tea","budget":2,"maxRounds":3,"note":null}""");

    [Fact]
    public void Bind_SnakeCaseNames_AreAccepted() =>
        Bind("""{"topic_name":"tea","budget":2,"max_rounds":5}""")["maxRounds"]!.GetValue<int>().ShouldBe(5);

    [Fact]
    public void Bind_BothSpellings_AreRefused()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Bind("""{"topic_name":"tea","topicName":"tea","budget":1}"""));
        fault.Message.ShouldContain("'topicName' is given twice, as 'topicName' and as 'topic_name'");
        fault.Details!["argument"]!.ToString().ShouldBe("topicName");
    }

    [Fact]
    public void Bind_UnknownKey_NamesNearestAndAllInputs()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Bind("""{"topicName":"tea","budgit":1,"budget":1}"""));
        fault.Message.ShouldContain("no input 'budgit'. Did you mean 'budget'? Inputs: topicName, budget, maxRounds, note, extra.");
        fault.Details!["nearest"]!.ToString().ShouldBe("budget");
    }

    [Fact]
    public void Bind_MissingInputs_NamesAllOfThemAndAnExample()
    {
        var fault = Should.Throw<KitaruUsageException>(() => Bind("{}"));
        fault.Message.ShouldContain("'topicName' (string), 'budget' (integer)");
        fault.Details!["missing"]!.ToJsonString().ShouldBe("""["topicName","budget"]""");
        fault.NextStep.ShouldNotBeNull().ShouldContain("""{"topicName":"text","budget":1}""");
        fault.Code.ShouldBe("KitaruUsageError");
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("2.5")]
    [InlineData("0")]
    [InlineData("null")]
    public void Bind_ValueThatDoesNotFit_IsRefusedNotConverted(string budget)
    {
        var fault = Should.Throw<KitaruUsageException>(() => Bind($$"""{"topicName":"tea","budget":{{budget}}}"""));
        fault.Details!["argument"]!.ToString().ShouldBe("budget");
        fault.Details["expected"]!.ToString().ShouldBe("integer");
        fault.Details["example"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void Bind_SeveralProblems_AreSaidAtOnce() =>
        Should.Throw<KitaruUsageException>(() => Bind("""{"topicName":1,"x":2}""")).Details!["problems"]!.AsArray().Count.ShouldBe(3);

    [Fact]
    public void Bind_NoArgumentsForFlowWithoutInputs_IsEmpty() =>
        InputBinder.Bind(Flow with { Parameters = [] }, null).Count.ShouldBe(0);

    private static JsonObject Bind(string args) => InputBinder.Bind(Flow, (JsonObject)JsonNode.Parse(args)!);

    private static FlowParameter Parameter(string name, bool required, string schema) =>
        new() { Name = name, Required = required, Schema = (JsonObject)JsonNode.Parse(schema)! };
}
