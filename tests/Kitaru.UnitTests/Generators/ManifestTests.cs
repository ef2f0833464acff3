using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Generators;

public sealed class ManifestTests
{
    [Fact]
    public void Assembly_WithoutFlows_IsMarkedAllTheSame()
    {
        var manifest = ManifestOf("class C;");

        manifest["version"]!.GetValue<int>().ShouldBe(1);
        manifest["kitaru"]!.GetValue<string>().ShouldBe("0.0.0.0");
        manifest["flows"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Assembly_ThatDoesNotReferenceKitaru_GetsNothing()
    {
        var compiled = Compiled.Generate(Compiled.Create("Plain", [], "class C { static void M() => M(); }"));

        compiled.Driver.GetRunResult().GeneratedTrees.ShouldBeEmpty();
    }

    [Fact]
    public void Flow_IsDescribedWhole()
    {
        var flow = ManifestOf("""
            namespace My.App;
            public static class Outer
            {
                internal static class Inner
                {
                    /// <summary>
                    /// Researches a <paramref name="topic"/> with <see cref="System.Console"/> &amp; care.
                    /// <para>Second paragraph.</para>
                    /// </summary>
                    /// <param name="topic">What to look for.</param>
                    [Kitaru.Flow(Stack = "gpu", Retries = 3, Cache = false)]
                    internal static Task<string> ResearchAgentAsync(string topic, int depth = 2, string? style = null, CancellationToken cancellationToken = default) => Task.FromResult(topic);
                }
            }
            """)["flows"]!.AsArray().ShouldHaveSingleItem()!;

        JsonNode.DeepEquals(flow, JsonNode.Parse("""
            {
              "name": "research_agent", "type": "My.App.Outer+Inner", "method": "ResearchAgentAsync",
              "description": "Researches a topic with Console & care.",
              "parameters": [
                { "name": "topic", "required": true, "schema": { "type": "string", "description": "What to look for." } },
                { "name": "depth", "required": false, "schema": { "type": "integer", "default": 2 } },
                { "name": "style", "required": false, "schema": { "type": ["string", "null"], "default": null } }
              ],
              "returns": { "type": "string" }, "stack": "gpu", "image": null, "cache": false, "retries": 3
            }
            """)).ShouldBeTrue(flow.ToJsonString());
    }

    [Fact]
    public void Flow_WithNothingSet_LeavesOptionsNull()
    {
        var flow = FlowOf("[Kitaru.Flow(Name = \"mine\")] public static void Go() { }");

        flow.ToJsonString().ShouldBe("""{"name":"mine","type":"Program","method":"Go","description":null,"parameters":[],"returns":null,"stack":null,"image":null,"cache":null,"retries":null}""");
    }

    [Fact]
    public void Flow_WithBlockComment_IsDescribed() =>
        FlowOf("/** <summary>One\n     *  two.</summary> */\n[Kitaru.Flow] public static Task Go() => Task.CompletedTask;")["description"]!.GetValue<string>().ShouldBe("One two.");

    [Fact]
    public void Flow_WithMalformedComment_HasNoDescription() =>
        FlowOf("/// <summary>a < b\n[Kitaru.Flow] public static void Go() { }")["description"].ShouldBeNull();

    [Theory]
    [InlineData("bool", """{"type":"boolean"}""")]
    [InlineData("long", """{"type":"integer"}""")]
    [InlineData("byte?", """{"type":["integer","null"]}""")]
    [InlineData("double", """{"type":"number"}""")]
    [InlineData("decimal", """{"type":"number"}""")]
    [InlineData("char", """{"type":"string","minLength":1,"maxLength":1}""")]
    [InlineData("Guid", """{"type":"string","format":"uuid"}""")]
    [InlineData("DateTime", """{"type":"string","format":"date-time"}""")]
    [InlineData("DateTimeOffset?", """{"type":["string","null"],"format":"date-time"}""")]
    [InlineData("DateOnly", """{"type":"string","format":"date"}""")]
    [InlineData("Uri", """{"type":"string","format":"uri-reference"}""")]
    [InlineData("byte[]", """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("ReadOnlyMemory<byte>", """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("object", """{}""")]
    [InlineData("System.Text.Json.JsonElement", """{}""")]
    [InlineData("System.Text.Json.Nodes.JsonObject?", """{"type":["object","null"]}""")]
    [InlineData("int[]", """{"type":"array","items":{"type":"integer"}}""")]
    [InlineData("IReadOnlyList<string?>", """{"type":"array","items":{"type":["string","null"]}}""")]
    [InlineData("HashSet<Guid>", """{"type":"array","items":{"type":"string","format":"uuid"}}""")]
    [InlineData("Dictionary<string, int>", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("Kind", """{"enum":["Small","Large"]}""")]
    [InlineData("Kind?", """{"enum":["Small","Large",null]}""")]
    [InlineData("Flagged", """{"type":"string"}""")]
    [InlineData("Draft", """{"type":"object","properties":{"Title":{"type":"string","description":"Its head."},"pages":{"type":"integer","default":3},"Note":{"type":["string","null"],"default":null},"Kind":{"enum":["Small","Large"],"default":"Large"}},"required":["Title"]}""")]
    [InlineData("Settings", """{"type":"object","properties":{"Name":{"type":"string","description":"Who."},"Level":{"type":"integer"},"Base":{"type":"boolean"}},"required":["Name"]}""")]
    [InlineData("Node", """{"type":"object","properties":{"Value":{"type":"string"},"Next":{"type":["object","null"]},"Children":{"type":"array","items":{"type":"object"}}},"required":["Value","Children"]}""")]
    [InlineData("Converted", """{}""")]
    [InlineData("(int left, string? right)", """{"type":"object","properties":{"Item1":{"type":"integer"},"Item2":{"type":["string","null"]}},"required":["Item1"]}""")]
    public void Parameter_OfType_HasItsSchema(string type, string schema)
    {
        var flow = FlowOf($"[Kitaru.Flow] public static void Go({type} value) {{ }}", """
            using System.Text.Json.Serialization;
            public enum Kind { Small, Large }
            [Flags] public enum Flagged { A = 1, B = 2 }
            /// <param name="Title">Its head.</param>
            public record Draft(string Title, [property: JsonPropertyName("pages")] int Pages = 3, string? Note = null, Kind Kind = Kind.Large) { [JsonIgnore] public int Hidden { get; set; } public int Derived => 1; public static int S { get; set; } }
            public class SettingsBase { public bool Base { get; set; } }
            public class Settings : SettingsBase {
                /// <summary>Who.</summary>
                public required string Name { get; init; } public int Level { get; set; } public int ReadOnly { get; } }
            public record Node(string Value, Node? Next, List<Node> Children);
            [JsonConverter(typeof(object))] public class Converted { public int X { get; set; } }
            """);

        var actual = flow["parameters"]![0]!["schema"]!;
        JsonNode.DeepEquals(actual, JsonNode.Parse(schema)).ShouldBeTrue(actual.ToJsonString());
    }

    [Theory]
    [InlineData("Kind value = Kind.Large", "\"Large\"")]
    [InlineData("double value = 1.5", "1.5")]
    [InlineData("bool value = true", "true")]
    [InlineData("string value = \"a\\\"\\u2028\\n\\0\"", "\"a\\u0022\\u2028\\n\\u0000\"")]
    [InlineData("int? value = null", "null")]
    [InlineData("ulong value = ulong.MaxValue", "18446744073709551615")]
    public void Parameter_WithDefault_SaysIt(string parameter, string json)
    {
        var schema = FlowOf($"[Kitaru.Flow] public static void Go({parameter}) {{ }}", "public enum Kind { Small, Large }")["parameters"]![0]!;

        schema["required"]!.GetValue<bool>().ShouldBeFalse();
        (schema["schema"]!["default"]?.ToJsonString() ?? "null").ShouldBe(json);
    }

    [Fact]
    public void Result_WithReadOnlyProperty_ShowsIt() =>
        FlowOf("[Kitaru.Flow] public static ValueTask<R> Go() => default;", "public class R { public int N { get; } }")["returns"]!.ToJsonString()
            .ShouldBe("""{"type":"object","properties":{"N":{"type":"integer"}}}""");

    [Theory]
    [InlineData("GatherNotesAsync", "gather_notes")]
    [InlineData("LLMCall2", "llm_call2")]
    [InlineData("HTTPServerStart", "http_server_start")]
    [InlineData("Step2B", "step2_b")]
    [InlineData("already_snake", "already_snake")]
    [InlineData("Mixed_Case", "mixed_case")]
    [InlineData("Async", "async")]
    [InlineData("X", "x")]
    public void Name_OfMethod_IsSnakeCase(string method, string name) =>
        FlowOf($"[Kitaru.Flow] public static void {method}() {{ }}")["name"]!.GetValue<string>().ShouldBe(name);

    private static JsonNode FlowOf(string member, string types = "") =>
        ManifestOf($"{types}\npublic static class Program {{\n{member}\n}}")["flows"]!.AsArray().ShouldHaveSingleItem()!;

    private static JsonNode ManifestOf(string source)
    {
        var compiled = Compiled.AgainstFake(source);
        var attribute = compiled.Output.Assembly.GetAttributes().Single(attribute => attribute.AttributeClass!.Name == "KitaruManifestAttribute");
        return JsonNode.Parse((string)attribute.ConstructorArguments[0].Value!)!;
    }
}
