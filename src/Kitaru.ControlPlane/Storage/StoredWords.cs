using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The words that stand in the database for the enums of the vocabulary.</summary>
internal static class StoredWords
{
    public static string Of(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Queued => "queued",
        ExecutionStatus.Running => "running",
        ExecutionStatus.Sleeping => "sleeping",
        ExecutionStatus.Waiting => "waiting",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static ExecutionStatus ToStatus(string word) => word switch
    {
        "queued" => ExecutionStatus.Queued,
        "running" => ExecutionStatus.Running,
        "sleeping" => ExecutionStatus.Sleeping,
        "waiting" => ExecutionStatus.Waiting,
        "completed" => ExecutionStatus.Completed,
        "failed" => ExecutionStatus.Failed,
        "cancelled" => ExecutionStatus.Cancelled,
        _ => throw Unknown(word),
    };

    public static string Of(JournalKind kind) => kind switch
    {
        JournalKind.Checkpoint => "checkpoint",
        JournalKind.Wait => "wait",
        JournalKind.Sleep => "sleep",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static JournalKind ToKind(string word) => word switch
    {
        "checkpoint" => JournalKind.Checkpoint,
        "wait" => JournalKind.Wait,
        "sleep" => JournalKind.Sleep,
        _ => throw Unknown(word),
    };

    public static string Of(JournalStatus status) => status switch
    {
        JournalStatus.Completed => "completed",
        JournalStatus.Failed => "failed",
        JournalStatus.Aborted => "aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static JournalStatus ToJournalStatus(string word) => word switch
    {
        "completed" => JournalStatus.Completed,
        "failed" => JournalStatus.Failed,
        "aborted" => JournalStatus.Aborted,
        _ => throw Unknown(word),
    };

    public static WaitStatus ToWaitStatus(string word) => word switch
    {
        "pending" => WaitStatus.Pending,
        "answered" => WaitStatus.Answered,
        "aborted" => WaitStatus.Aborted,
        "closed" => WaitStatus.Closed,
        _ => throw Unknown(word),
    };

    public static string Of(FailureOrigin origin) => origin switch
    {
        FailureOrigin.UserCode => "user_code",
        FailureOrigin.Runtime => "runtime",
        FailureOrigin.Backend => "backend",
        FailureOrigin.Divergence => "divergence",
        _ => "unknown",
    };

    public static FailureOrigin ToOrigin(string? word) => word switch
    {
        "user_code" => FailureOrigin.UserCode,
        "runtime" => FailureOrigin.Runtime,
        "backend" => FailureOrigin.Backend,
        "divergence" => FailureOrigin.Divergence,
        _ => FailureOrigin.Unknown,
    };

    private static KitaruBackendException Unknown(string word) =>
        new($"The store holds the word '{Texts.Short(word)}', which this program does not know.", "Update Kitaru to the version that wrote the store.");
}
