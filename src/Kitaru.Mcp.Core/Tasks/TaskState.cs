using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Approvals;
using Kitaru.Mcp.Untrusted;

namespace Kitaru.Mcp.Tasks;

/// <summary>Where a task stands: where its execution stands, in the words of the extension.</summary>
internal static class TaskState
{
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>How soon it is worth asking again.</summary>
    public const int PollMilliseconds = 1000;

    public static string StatusOf(ExecutionRecord execution) => execution.Status switch
    {
        ExecutionStatus.Waiting => "input_required",
        ExecutionStatus.Completed => Completed,
        // What the flow came to is a result. The extension's own word is for work that could not be done at all.
        ExecutionStatus.Failed => execution.Failure?.Origin is FailureOrigin.Runtime or FailureOrigin.Backend ? Failed : Completed,
        ExecutionStatus.Cancelled => "cancelled",
        _ => "working",
    };

    public static string? MessageOf(ExecutionRecord execution, bool canAsk)
    {
        if (execution.Failure is { } failure)
            return Texts.Clip($"The execution failed: {failure.Message}", 500);
        if (execution.PendingWaits is [var wait, ..])
            return Texts.Clip(canAsk ? QuestionForm.Message(execution, wait) : $"{QuestionForm.Message(execution, wait)} Answer with kitaru_executions_input.", 500);
        return execution.StatusReason is { } reason ? Texts.Clip(reason, 500) : null;
    }

    /// <summary>When it last changed, as far as the record says.</summary>
    public static DateTimeOffset UpdatedAt(ExecutionRecord execution) => execution.EndedAt ?? (execution.PendingWaits is [.., var newest] ? newest.EnteredAt : execution.StartedAt ?? execution.CreatedAt);

    /// <summary>The fields that every answer about a task has.</summary>
    public static JsonObject Describe(TaskId id, ExecutionRecord execution, bool canAsk)
    {
        var described = new JsonObject
        {
            ["resultType"] = "complete",
            ["taskId"] = id.ToString(),
            ["status"] = StatusOf(execution),
            ["createdAt"] = WireTime.Text(execution.CreatedAt),
            ["lastUpdatedAt"] = WireTime.Text(UpdatedAt(execution)),
            ["ttlMs"] = null,
            ["pollIntervalMs"] = PollMilliseconds,
            ["_meta"] = FlowData.Mark(null),
        };
        if (MessageOf(execution, canAsk) is { } message)
            described["statusMessage"] = PlainText.Of(message);
        return described;
    }
}
