using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>Questions to the client.</summary>
internal static class Asks
{
    public static InputRequiredException For(params (string Key, InputRequest Request)[] requests) => For(null, requests);

    public static InputRequiredException For(string? state, params (string Key, InputRequest Request)[] requests) =>
        new(requests.ToDictionary(request => request.Key, request => request.Request), state);

    public static InputRequest Text(string message, string name, string type = "string") => InputRequest.ForElicitation(Elicitation(message, new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { [name] = new JsonObject { ["type"] = type } },
        ["required"] = new JsonArray(name),
    }));

    public static InputRequest Sampling(string message, int tokens) => InputRequest.ForSampling(SamplingParams(message, tokens));

    public static InputRequest Roots() => InputRequest.ForRootsList(new ListRootsRequestParams());

    public static CreateMessageRequestParams SamplingParams(string message, int tokens) => new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [Contents.Text(message)] }],
        MaxTokens = tokens,
    };

    public static ElicitRequestParams Elicitation(string message, JsonObject schema) =>
        new JsonObject { ["message"] = message, ["mode"] = "form", ["requestedSchema"] = schema }.Deserialize<ElicitRequestParams>(McpJsonUtilities.DefaultOptions)!;
}
