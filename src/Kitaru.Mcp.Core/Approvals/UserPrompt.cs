using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Sealing;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Approvals;

/// <summary>
/// Has a client ask its user. The call ends with the form; the client makes it again with what the user did and with a sealed note of what was asked (versions with sessions: the SDK
/// asks in between and does the same), so that any process can go on from there.
/// </summary>
internal sealed class UserPrompt(RequestContext<CallToolRequestParams> request, RequestScope scope, TimeProvider time)
{
    /// <summary>How long a form may lie open.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Purpose = "answer a wait";

    /// <summary>Null when the client cannot ask, or whoever runs the server does not want it.</summary>
    public static UserPrompt? Of(RequestContext<CallToolRequestParams> request, RequestScope scope, TimeProvider time) =>
        scope.Policy.AsksUser && ClientAbilities.CanElicit(request.JsonRpcRequest, request.Server) && request.Server.IsMrtrSupported ? new UserPrompt(request, scope, time) : null;

    /// <summary>What the user answers.</summary>
    /// <param name="execution">Who asks.</param>
    /// <param name="wait">What is asked.</param>
    /// <param name="suggestion">What the client would answer; it stands in the form at first.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="InputRequiredException">The user has not been asked yet.</exception>
    /// <exception cref="KitaruStateException">The user does not answer, or what came back is not of this question.</exception>
    public async Task<JsonNode?> AskAsync(ExecutionRecord execution, WaitRecord wait, JsonNode? suggestion, CancellationToken cancellationToken)
    {
        var sealer = new Sealer(await SealingKey.GetAsync(scope.SealingSecret, scope.Backend.Client.Directory, time, cancellationToken), time);
        var key = wait.Id.ToString();
        if (request.Params?.RequestState is not { } state)
            throw new InputRequiredException(new Dictionary<string, InputRequest> { [key] = Form(execution, wait, suggestion) }, sealer.Seal(Purpose, Note(execution.Id, wait), Lifetime));
        Check(sealer, state, execution.Id, wait);
        if (request.Params.InputResponses is not { } responses || !responses.TryGetValue(key, out var response))
            throw Refused($"The answer to '{wait.Name}' is missing from inputResponses");
        var said = Elicited.Read(wait, response.RawValue.ValueKind == JsonValueKind.Object ? KitaruJson.Parse(response.RawValue.GetRawText()) : null);
        return said.IsAccepted
            ? said.Value
            : throw new KitaruStateException(
                $"The user was asked '{wait.Name}' and {(said.Action == "decline" ? "declined to answer" : "closed the form")}. Nothing was stored; the execution keeps waiting.",
                "Talk to the user before you ask again; kitaru_executions_cancel or kitaru_executions_abort_wait only if they want that.");
    }

    /// <summary>Refuses what comes back for a question that is not open any more.</summary>
    /// <exception cref="KitaruStateException">Something came back.</exception>
    public void RefuseLate(string wait)
    {
        if (request.Params?.RequestState is not null)
            throw Refused($"'{Texts.Short(wait, 80)}' of this execution is no open question (any more)");
    }

    private void Check(Sealer sealer, string state, ExecutionId id, WaitRecord wait)
    {
        var note = sealer.Open(Purpose, state, out var isOver) ?? throw Refused("requestState is not what this server gave, or was changed");
        if (isOver)
            throw Refused($"The form has been open for more than {Lifetime.TotalHours:0} hours");
        if (note["principal"]?.ToString() != scope.Principal)
            throw Refused("requestState was given to somebody else");
        if (note["execution"]?.ToString() != id.ToString() || note["wait"]?.ToString() != wait.Id.ToString())
            throw Refused("requestState is of another question");
    }

    private JsonObject Note(ExecutionId id, WaitRecord wait) => new() { ["principal"] = scope.Principal, ["execution"] = id.ToString(), ["wait"] = wait.Id.ToString() };

    private static InputRequest Form(ExecutionRecord execution, WaitRecord wait, JsonNode? suggestion) =>
        InputRequest.ForElicitation(QuestionForm.Of(execution, wait, suggestion).Deserialize<ElicitRequestParams>(McpJsonUtilities.DefaultOptions)!);

    private static KitaruStateException Refused(string why) => new($"{why}: nothing was stored.", "Call kitaru_executions_get for the questions that are open, and answer again without requestState.");
}
