using System.Text.Json.Nodes;

namespace Kitaru.Core.Http;

// What is sent with a request that is more than one record. The names are those of the ports' parameters.

internal sealed record CancelBody(string? By = null);

internal sealed record RetryBody(SnapshotId? Code = null, string? By = null);

internal sealed record ResumeBody(string? By = null);

internal sealed record ResumedBody(bool Resumed);

internal sealed record TagsBody(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null);

internal sealed record AnswerBody
{
    public required string Wait { get; init; }

    /// <summary>Any JSON value, null included.</summary>
    public required JsonNode? Value { get; init; }

    public string? By { get; init; }
}

internal sealed record AbortBody(string? By = null)
{
    public required string Wait { get; init; }
}

/// <summary>A list that has no pages.</summary>
internal sealed record ListBody<T>(IReadOnlyList<T> Items);

internal sealed record ChangeBody(string Mark);

internal sealed record ReplayBody
{
    public required ReplayRequest Request { get; init; }

    public required NewExecution Execution { get; init; }

    public string? By { get; init; }
}

/// <summary>A tag's place.</summary>
internal sealed record DeploymentTagBody
{
    public required string Flow { get; init; }

    public required int Version { get; init; }

    public required string Tag { get; init; }

    public bool Exclusive { get; init; }
}

internal sealed record ClaimBody
{
    public required WorkerKind Kind { get; init; }

    /// <summary>How many executions at most; not read where one is named.</summary>
    public int Max { get; init; } = 1;

    /// <summary>The only flows to take executions of, or not to; null for any.</summary>
    public FlowFilter? Flows { get; init; }

    /// <summary>The only execution to take; null for any.</summary>
    public ExecutionId? Execution { get; init; }
}

/// <summary>Workers whose death the caller has seen.</summary>
internal sealed record ReapBody(IReadOnlyList<WorkerId>? Dead = null);

internal sealed record LeasesBody
{
    public required IReadOnlyList<Lease> Leases { get; init; }
}

internal sealed record LogBody
{
    public required IReadOnlyList<LogEntry> Entries { get; init; }
}

internal sealed record EntryBody
{
    public required Lease Lease { get; init; }

    public required JournalEntry Entry { get; init; }
}

internal sealed record AttemptBody
{
    public required Lease Lease { get; init; }

    public required AttemptRecord Attempt { get; init; }
}

internal sealed record OpenWaitBody
{
    public required Lease Lease { get; init; }

    public required NewWait Wait { get; init; }
}

internal sealed record AnnounceBody
{
    public required Lease Lease { get; init; }

    public required IReadOnlyList<RunningCall> Calls { get; init; }
}

internal sealed record ReleaseBody
{
    public required Lease Lease { get; init; }

    public required Release Release { get; init; }
}

internal sealed record FinishBody
{
    public required Lease Lease { get; init; }

    public required Outcome Outcome { get; init; }
}

internal sealed record SecretBody
{
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Values { get; init; }

    public bool IsPrivate { get; init; }
}

internal sealed record SecretSetBody(SecretSummary Secret, bool Created);

/// <summary>Whether a snapshot's files are kept.</summary>
internal sealed record ContentBody(bool IsKept);

internal sealed record CountBody(int Count);

internal sealed record PrepareBody
{
    public required StackRecord Stack { get; init; }

    public ImageSettings? Image { get; init; }
}

internal sealed record DeleteBody(bool DryRun = false);

internal sealed record CompleteBody
{
    public required IdempotentRequest Request { get; init; }

    public required string Result { get; init; }
}

/// <summary>Who a token is.</summary>
internal sealed record UserBody(string Name, bool IsAdmin, Role? Role, UserProject Project);

internal sealed record UserProject(ProjectId Id, string Name);

/// <summary>What a server says of itself.</summary>
internal sealed record InfoBody
{
    /// <summary>The version of the interface that is described here.</summary>
    public const int Present = 1;

    public required string Version { get; init; }

    public required int ApiVersion { get; init; }

    /// <summary>Another one after each start, and on each replica.</summary>
    public required string InstanceId { get; init; }

    /// <summary>sqlite or postgresql.</summary>
    public required string Database { get; init; }

    /// <summary>local or shared.</summary>
    public required string DeploymentType { get; init; }

    public required double LeaseSeconds { get; init; }
}
