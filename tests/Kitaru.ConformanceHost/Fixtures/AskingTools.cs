using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>Tools that ask the client while they run, as versions with sessions have it.</summary>
internal static class AskingTools
{
    public static IReadOnlyList<Fixture> All { get; } =
    [
        Tools.Of("test_sampling", SampleAsync, """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}"""),
        Tools.Of("test_elicitation", async (request, stop) => Said("User response", await request.Server.ElicitAsync(Asks.Elicitation(Argument(request, "message"), User()), stop)),
            """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""),
        Tools.Of("test_elicitation_sep1034_defaults", async (request, stop) => Said("Elicitation completed", await request.Server.ElicitAsync(Asks.Elicitation("Please check", Parse(Defaults)), stop))),
        Tools.Of("test_elicitation_sep1330_enums", async (request, stop) => Said("Elicitation completed", await request.Server.ElicitAsync(Asks.Elicitation("Please choose", Parse(Enums)), stop))),
        Tools.Of("test_missing_capability", request => request.JsonRpcRequest.Context?.ClientCapabilities?.Sampling is null && request.Server.ClientCapabilities?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new SamplingCapability() }, "This tool needs sampling.")
            : Contents.Result(Contents.Text("It has it."))),
        Tools.Of("test_streaming_elicitation", request => request.Params!.InputResponses?.ContainsKey("confirm") == true
            ? Contents.Result(Contents.Text("Confirmed."))
            : throw Asks.For(("confirm", Asks.Text("Please confirm", "ok", "boolean")))),
    ];

    private const string Defaults =
        """
        { "type": "object", "required": [], "properties": {
          "name": { "type": "string", "default": "John Doe" }, "age": { "type": "integer", "default": 30 }, "score": { "type": "number", "default": 95.5 },
          "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" }, "verified": { "type": "boolean", "default": true } } }
        """;

    private const string Enums =
        """
        { "type": "object", "required": [], "properties": {
          "untitledSingle": { "type": "string", "enum": ["option1", "option2", "option3"] },
          "titledSingle": { "type": "string", "oneOf": [ { "const": "value1", "title": "First Option" }, { "const": "value2", "title": "Second Option" }, { "const": "value3", "title": "Third Option" } ] },
          "legacyEnum": { "type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"] },
          "untitledMulti": { "type": "array", "items": { "type": "string", "enum": ["option1", "option2", "option3"] } },
          "titledMulti": { "type": "array", "items": { "anyOf": [ { "const": "value1", "title": "First Choice" }, { "const": "value2", "title": "Second Choice" }, { "const": "value3", "title": "Third Choice" } ] } } } }
        """;

    private static async Task<CallToolResult> SampleAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var answer = await request.Server.SampleAsync(Asks.SamplingParams(Argument(request, "prompt"), 100), cancellationToken);
        return Contents.Result(Contents.Text($"LLM response: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}"));
    }

    private static CallToolResult Said(string before, ElicitResult answer) =>
        Contents.Result(Contents.Text($"{before}: action={answer.Action}, content={JsonSerializer.Serialize(answer.Content, McpJsonUtilities.DefaultOptions)}"));

    private static JsonObject User() => Parse(
        """
        { "type": "object", "required": ["username", "email"],
          "properties": { "username": { "type": "string", "description": "User's response" }, "email": { "type": "string", "description": "User's email address" } } }
        """);

    private static string Argument(RequestContext<CallToolRequestParams> request, string name) => request.Params!.Arguments![name].GetString()!;

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
