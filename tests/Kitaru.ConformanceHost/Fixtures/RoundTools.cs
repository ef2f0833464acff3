using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>Tools that answer with questions and are called again with the answers, as versions without sessions have it.</summary>
internal static class RoundTools
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static IReadOnlyList<Fixture> All { get; } =
    [
        Tools.Of("test_input_required_result_elicitation", request => Answer(request, "user_name", "name") is { } name
            ? Contents.Result(Contents.Text($"Hello, {name}!"))
            : throw Asks.For(("user_name", Asks.Text("What is your name?", "name")))),
        Tools.Of("test_input_required_result_sampling", request => Raw(request, "capital_question") is { } answer
            ? Contents.Result(Contents.Text($"Sampled: {answer}"))
            : throw Asks.For(("capital_question", Asks.Sampling("What is the capital of France?", 100)))),
        Tools.Of("test_input_required_result_list_roots", request => Raw(request, "client_roots") is { } roots
            ? Contents.Result(Contents.Text($"Roots: {roots}"))
            : throw Asks.For(("client_roots", Asks.Roots()))),
        Tools.Of("test_input_required_result_request_state", request => Raw(request, "confirm") is not null && Open(request) == "confirm"
            ? Contents.Result(Contents.Text("state-ok"))
            : throw Asks.For(Seal("confirm"), ("confirm", Asks.Text("Please confirm", "ok", "boolean")))),
        Tools.Of("test_input_required_result_tampered_state", request => request.Params!.RequestState is not null && Open(request) == "guarded" && Raw(request, "confirm") is not null
            ? Contents.Result(Contents.Text("state-ok"))
            : throw Asks.For(Seal("guarded"), ("confirm", Asks.Text("Please confirm", "ok", "boolean")))),
        Tools.Of("test_input_required_result_multiple_inputs", request =>
            Raw(request, "user_name") is not null && Raw(request, "greeting") is not null && Raw(request, "client_roots") is not null && Open(request) == "three"
                ? Contents.Result(Contents.Text("All three were answered."))
                : throw Asks.For(
                    Seal("three"), ("user_name", Asks.Text("What is your name?", "name")), ("greeting", Asks.Sampling("Generate a greeting", 50)), ("client_roots", Asks.Roots()))),
        Tools.Of("test_input_required_result_multi_round", MultiRound),
        Tools.Of("test_input_required_result_capabilities", Capabilities),
    ];

    private static CallToolResult MultiRound(RequestContext<CallToolRequestParams> request)
    {
        var state = request.Params!.RequestState is null ? "" : Open(request);
        if (state == "round-1" && Answer(request, "step1", "name") is { } name)
            throw Asks.For(Seal($"round-2 {name}"), ("step2", Asks.Text("Step 2: What is your favorite color?", "color")));
        if (state.StartsWith("round-2 ", StringComparison.Ordinal) && Answer(request, "step2", "color") is { } color)
            return Contents.Result(Contents.Text($"{state["round-2 ".Length..]} likes {color}."));
        throw Asks.For(Seal("round-1"), ("step1", Asks.Text("Step 1: What is your name?", "name")));
    }

    private static CallToolResult Capabilities(RequestContext<CallToolRequestParams> request)
    {
        var can = request.JsonRpcRequest.Context?.ClientCapabilities;
        List<(string, InputRequest)> asks = [];
        if (can?.Elicitation is not null)
            asks.Add(("user_name", Asks.Text("What is your name?", "name")));
        if (can?.Sampling is not null)
            asks.Add(("greeting", Asks.Sampling("Generate a greeting", 50)));
        if (can?.Roots is not null)
            asks.Add(("client_roots", Asks.Roots()));
        return asks.Count == 0 || request.Params!.InputResponses is { Count: > 0 } ? Contents.Result(Contents.Text("Nothing more to ask.")) : throw Asks.For([.. asks]);
    }

    private static string? Raw(RequestContext<CallToolRequestParams> request, string key) =>
        request.Params!.InputResponses?.TryGetValue(key, out var answer) == true && answer.RawValue.ValueKind == JsonValueKind.Object ? answer.RawValue.GetRawText() : null;

    private static string? Answer(RequestContext<CallToolRequestParams> request, string key, string field) =>
        request.Params!.InputResponses?.TryGetValue(key, out var answer) == true && answer.RawValue is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Object && content.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static string Seal(string state) => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(state))}.{Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)))}";

    private static string Open(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params!.RequestState?.Split('.') is not [var text, var seal])
            throw new McpProtocolException("requestState is missing or not ours.", McpErrorCode.InvalidParams);
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length) || !CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToHexString(HMACSHA256.HashData(Key, buffer.AsSpan(0, length)))), Encoding.ASCII.GetBytes(seal)))
            throw new McpProtocolException("requestState was changed on its way.", McpErrorCode.InvalidParams);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
