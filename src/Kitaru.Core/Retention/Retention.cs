namespace Kitaru.Core;

/// <summary>What a deletion removed, or would remove.</summary>
public sealed record DeletedExecution
{
    /// <summary>The execution.</summary>
    public required ExecutionId Id { get; init; }

    /// <summary>Nothing was removed: this is what a deletion would remove.</summary>
    public required bool DryRun { get; init; }

    /// <summary>How it had ended.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>When it had ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Its rows in each table of the store; tables without any are left out.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Bytes of what those rows hold.</summary>
    public required long RowBytes { get; init; }

    /// <summary>Large values of it that no other execution refers to.</summary>
    public required int LargeValues { get; init; }

    /// <summary>Bytes of those.</summary>
    public required long LargeValueBytes { get; init; }

    /// <summary>Everything together.</summary>
    public long Bytes => RowBytes + LargeValueBytes;
}

/// <summary>Which ended executions to delete; all conditions must hold.</summary>
public sealed record PruneQuery
{
    /// <summary>The most executions that one call deletes.</summary>
    public const int LimitMax = 10_000;

    /// <summary>Only executions that ended longer ago than this.</summary>
    public required TimeSpan OlderThan { get; init; }

    /// <summary>Only executions that ended in one of these ways; none for all three.</summary>
    public IReadOnlyList<ExecutionStatus> Statuses { get; init; } = [];

    /// <summary>Only executions of the flow with exactly this name.</summary>
    public string? Flow { get; init; }

    /// <summary>Of each flow, this many of the executions that ended last stay, however old they are.</summary>
    public int KeepNewest { get; init; }

    /// <summary>How many at most, oldest first; 1 to <see cref="LimitMax"/>.</summary>
    /// <value>Default: 1000.</value>
    public int Limit { get; init; } = 1000;

    /// <summary>Delete nothing and say what would be deleted.</summary>
    /// <value>Default: true.</value>
    public bool DryRun { get; init; } = true;
}

/// <summary>What a <see cref="PruneQuery"/> found and removed.</summary>
public sealed record PruneResult
{
    /// <summary>How many executions meet the conditions.</summary>
    public required long Matched { get; init; }

    /// <summary>How many of them this call covers: the oldest ones, up to the limit.</summary>
    public required int Selected { get; init; }

    /// <summary>How many of these were deleted; 0 in a dry run.</summary>
    public required int Deleted { get; init; }

    /// <summary>Bytes that were removed; in a dry run those that deleting the selected ones would remove.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the first of the selected ones ended.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>When the last of the selected ones ended.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>The selected ones by the way they ended.</summary>
    public required IReadOnlyDictionary<ExecutionStatus, int> ByStatus { get; init; }

    /// <summary>How many still meet the conditions.</summary>
    public long Remaining => Matched - Deleted;

    /// <summary>Nothing was removed.</summary>
    public required bool DryRun { get; init; }
}

/// <summary>Deleting executions with everything that hangs on them, and how large the store is.</summary>
public interface IRetention
{
    /// <summary>
    /// Deletes an ended execution with all its data, in one transaction. Large values stay while another execution refers to them; replays of it
    /// stay whole.
    /// </summary>
    /// <param name="id">The execution.</param>
    /// <param name="dryRun">Delete nothing and say what would be deleted.</param>
    /// <param name="cancellationToken">Stops waiting; what has begun is done.</param>
    /// <exception cref="KitaruNotFoundException">There is none, or no longer.</exception>
    /// <exception cref="KitaruStateException">It has not ended.</exception>
    Task<DeletedExecution> DeleteAsync(ExecutionId id, bool dryRun = false, CancellationToken cancellationToken = default);

    /// <summary>Deletes ended executions by age, oldest first, in short transactions that others write between.</summary>
    Task<PruneResult> PruneAsync(PruneQuery query, CancellationToken cancellationToken = default);

    /// <summary>What the store holds, what it takes on the disk, and what could be given back. Takes time on a large store.</summary>
    Task<StoreSize> MeasureAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes files that nothing needs any more: large values, snapshots, records of builds, folders and output of workers.</summary>
    Task<Swept> SweepAsync(CancellationToken cancellationToken = default);
}
