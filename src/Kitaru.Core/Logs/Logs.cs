namespace Kitaru.Core;

/// <summary>One line of output of an execution (runtime.md 1.6).</summary>
public sealed record LogEntry
{
    /// <summary>Its place in the store; larger is later.</summary>
    public long Id { get; init; }

    /// <summary>The text.</summary>
    public required string Message { get; init; }

    /// <summary>TRACE, DEBUG, INFO, WARNING, ERROR or CRITICAL.</summary>
    public string? Level { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary><c>step</c> for a checkpoint's and the flow body's own lines, <c>runner</c> for the worker's.</summary>
    public string Source { get; init; } = "step";

    /// <summary>Key of the call that wrote it, or null for the flow body.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The logger's category.</summary>
    public string? Module { get; init; }
}

/// <summary>Which lines to read.</summary>
public sealed record LogQuery
{
    /// <summary>Whose.</summary>
    public required ExecutionId ExecutionId { get; init; }

    /// <summary>Only this call's.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>step or runner; null for both.</summary>
    public string? Source { get; init; }

    /// <summary>This level and above.</summary>
    public string? Level { get; init; }

    /// <summary>Written at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>After the entry with this id.</summary>
    public long? AfterId { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 200;

    /// <summary>Keep the oldest lines instead of the newest.</summary>
    public bool FromStart { get; init; }
}

/// <summary>Logs: written by workers, read by clients.</summary>
public interface ILogs
{
    /// <summary>Stores lines. Not fenced: a line that was printed was printed.</summary>
    Task AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken = default);

    /// <summary>The newest matching lines (or the oldest, when asked), oldest first.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, CancellationToken cancellationToken = default);
}
