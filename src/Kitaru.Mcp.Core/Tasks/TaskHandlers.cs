using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Approvals;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Tasks;

/// <summary><c>tasks/get</c>, <c>tasks/update</c> and <c>tasks/cancel</c>, on the executions themselves: any process that reaches the store can answer them.</summary>
internal static class TaskHandlers
{
    private static readonly KitaruTool Get = GetTool.Create() with { Toolset = Toolsets.Executions };
    private static readonly KitaruTool Input = InputTool.Create() with { Toolset = Toolsets.Executions };
    private static readonly KitaruTool Cancel = CancelTool.Create() with { Toolset = Toolsets.Executions };

    /// <summary>Where it stands, with what it asks or what it came to.</summary>
    public static async Task<JsonObject> GetAsync(TaskCall call, CancellationToken cancellationToken)
    {
        call.Check(Get);
        var kitaru = await call.Scope.Backend.OpenAsync(cancellationToken);
        var execution = await call.FindAsync(kitaru, cancellationToken);
        var described = TaskState.Describe(call.Id, execution, call.CanElicit);
        switch (described["status"]!.GetValue<string>())
        {
            case "input_required":
                described["inputRequests"] = Questions(execution, call.CanElicit);
                break;
            case TaskState.Completed:
                described["result"] = await ResultAsync(call, kitaru, execution, cancellationToken);
                break;
            case TaskState.Failed:
                described["error"] = Error(execution);
                break;
        }
        return described;
    }

    /// <summary>Answers questions with what the client's user said.</summary>
    public static async Task<JsonObject> UpdateAsync(TaskCall call, CancellationToken cancellationToken)
    {
        call.Check(Input);
        if (call.Parameters["inputResponses"] is not JsonObject responses)
            throw TaskErrors.Malformed("inputResponses", "an object of answers by the keys of inputRequests");
        var kitaru = await call.Scope.Backend.OpenAsync(cancellationToken);
        var execution = await call.FindAsync(kitaru, cancellationToken);
        // All are read before one is stored, so that a wrong one stores none.
        var answers = execution.PendingWaits.Where(wait => responses.ContainsKey(wait.Id.ToString())).Select(wait => (Wait: wait, Said: Elicited.Read(wait, responses[wait.Id.ToString()]))).ToList();
        foreach (var (wait, said) in answers.Where(answer => answer.Said.IsAccepted))
            await kitaru.Waits.AnswerAsync(execution.Id, wait.Id.ToString(), said.Value, AnsweredBy.User(call.Caller), cancellationToken);
        if (answers.Exists(answer => answer.Said.IsAccepted))
            await call.AuditAsync("tasks/update");
        return Acknowledged();
    }

    /// <summary>Cancels the execution; one that has ended stays as it is.</summary>
    public static async Task<JsonObject> CancelAsync(TaskCall call, CancellationToken cancellationToken)
    {
        call.Check(Cancel);
        var kitaru = await call.Scope.Backend.OpenAsync(cancellationToken);
        var execution = await call.FindAsync(kitaru, cancellationToken);
        if (execution.EndedAt is not null)
            return Acknowledged();
        try
        {
            await kitaru.Executions.CancelAsync(execution.Id, call.Caller, cancellationToken);
            await call.AuditAsync("tasks/cancel");
        }
        catch (KitaruStateException)
        {
            // It has just ended by itself.
        }
        return Acknowledged();
    }

    private static JsonObject Questions(ExecutionRecord execution, bool canAsk)
    {
        var questions = new JsonObject();
        foreach (var wait in canAsk ? execution.PendingWaits : [])
            questions[wait.Id.ToString()] = new JsonObject { ["method"] = RequestMethods.ElicitationCreate, ["params"] = QuestionForm.Of(execution, wait) };
        return questions;
    }

    /// <summary>What the call would have answered, had it waited until now.</summary>
    private static async Task<JsonNode?> ResultAsync(TaskCall call, IControlPlane kitaru, ExecutionRecord execution, CancellationToken cancellationToken)
    {
        var shown = await ExecutionAnswers.FullAsync(kitaru, execution.Id, cancellationToken);
        var answer = call.Id.Kind switch
        {
            TaskKind.Run => RunTool.Answer(execution.Id, execution.Target ?? execution.FlowName, shown, null),
            TaskKind.Invoke => ToolAnswer.Of(InvocationJson.Of(execution.Id, execution.FlowName, call.Id.Version, call.Id.Tag, shown, null)),
            _ => Replay.ReplayTool.Answer(await kitaru.Replays.FindPlanAsync(execution.Id, cancellationToken) ?? throw TaskErrors.Unknown(call.Id.ToString()), shown, null, null),
        };
        var result = Hosting.ToolHandler.ToResult(answer, execution.Status == ExecutionStatus.Failed);
        result.Meta = FlowData.Mark(result.Meta);
        return JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)));
    }

    private static JsonObject Error(ExecutionRecord execution) => new()
    {
        ["code"] = (int)McpErrorCode.InternalError,
        ["message"] = PlainText.Of(Texts.Clip(execution.Failure!.Message, 2000)),
        ["data"] = new JsonObject { ["exec_id"] = execution.Id.ToString(), ["origin"] = FailureJson.Word(execution.Failure.Origin), ["exception_type"] = execution.Failure.ExceptionType },
    };

    private static JsonObject Acknowledged() => new() { ["resultType"] = "complete" };
}
