namespace Kitaru.Core.Wire;

/// <summary>The five public words for where an execution stands, and the reason that tells their shades apart.</summary>
public static class StatusWords
{
    /// <summary>running, waiting, completed, failed, cancelled.</summary>
    public static IReadOnlyList<string> All { get; } = ["running", "waiting", "completed", "failed", "cancelled"];

    /// <summary>The public word; queued and sleeping read as running.</summary>
    public static string Of(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Queued or ExecutionStatus.Running or ExecutionStatus.Sleeping => "running",
        ExecutionStatus.Waiting => "waiting",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        _ => "cancelled",
    };

    /// <summary>The statuses behind a public word; empty for any other text.</summary>
    public static IReadOnlyList<ExecutionStatus> Behind(string word) =>
        [.. Enum.GetValues<ExecutionStatus>().Where(status => Of(status) == word)];

    /// <summary>Whether nothing more will happen by itself.</summary>
    public static bool IsEnd(ExecutionStatus status) =>
        status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled;

    /// <summary>The status_reason: "queued" and "sleeping until …" for those two, else the stored one.</summary>
    public static string? Reason(ExecutionRecord execution) => execution.Status switch
    {
        ExecutionStatus.Queued => Shade("queued", execution.StatusReason),
        ExecutionStatus.Sleeping when execution.RunnableAt is { } until => $"sleeping until {WireTime.Text(until)}",
        ExecutionStatus.Sleeping => Shade("sleeping", execution.StatusReason),
        _ => execution.StatusReason,
    };

    private static string Shade(string word, string? reason) =>
        string.IsNullOrEmpty(reason) ? word : reason.StartsWith(word, StringComparison.Ordinal) ? reason : $"{word}: {reason}";
}
