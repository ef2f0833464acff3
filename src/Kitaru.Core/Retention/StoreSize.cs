namespace Kitaru.Core;

/// <summary>What a store holds and takes on the disk.</summary>
public sealed record StoreSize
{
    /// <summary>The database.</summary>
    public required DatabaseSize Database { get; init; }

    /// <summary>Large values beside the database.</summary>
    public required FilesSize Artifacts { get; init; }

    /// <summary>Staged code.</summary>
    public required FilesSize Snapshots { get; init; }

    /// <summary>Records of builds.</summary>
    public required FilesSize Builds { get; init; }

    /// <summary>Output of workers.</summary>
    public required FilesSize Workers { get; init; }

    /// <summary>Rows of each table of the database.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Executions by where they stand.</summary>
    public required IReadOnlyDictionary<ExecutionStatus, long> Executions { get; init; }

    /// <summary>When the oldest execution was stored.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>When the execution ended that ended first.</summary>
    public DateTimeOffset? OldestEnd { get; init; }

    /// <summary>When what nobody needs was last removed.</summary>
    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>Everything on the disk.</summary>
    public long Bytes => Database.Bytes + Database.WalBytes + Artifacts.Bytes + Snapshots.Bytes + Builds.Bytes + Workers.Bytes;

    /// <summary>What the next sweep gives back, pages of the database apart.</summary>
    public long ReclaimableBytes =>
        Artifacts.ReclaimableBytes + Snapshots.ReclaimableBytes + Builds.ReclaimableBytes + Workers.ReclaimableBytes;
}

/// <summary>The database's files.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">The database file.</param>
/// <param name="WalBytes">The write-ahead log beside it.</param>
/// <param name="FreeBytes">Pages within the file that hold nothing: later writes use them first, the file does not shrink.</param>
public sealed record DatabaseSize(string Path, long Bytes, long WalBytes, long FreeBytes);

/// <summary>Things that lie as files.</summary>
/// <param name="Count">How many things: values, snapshots, records; not files.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="ReclaimableCount">How many of them nobody needs any more and the next sweep removes.</param>
/// <param name="ReclaimableBytes">What those take.</param>
public sealed record FilesSize(long Count, long Bytes, long ReclaimableCount, long ReclaimableBytes);

/// <summary>What a sweep removed.</summary>
/// <param name="Artifacts">Large values.</param>
/// <param name="Snapshots">Staged code, and folders that workers ran in.</param>
/// <param name="Builds">Records of builds.</param>
/// <param name="Workers">Files of dead workers.</param>
public sealed record Swept(Removed Artifacts, Removed Snapshots, Removed Builds, Removed Workers)
{
    /// <summary>All of it.</summary>
    public Removed Total => new(
        Artifacts.Count + Snapshots.Count + Builds.Count + Workers.Count, Artifacts.Bytes + Snapshots.Bytes + Builds.Bytes + Workers.Bytes);
}

/// <summary>How much was removed.</summary>
/// <param name="Count">How many things.</param>
/// <param name="Bytes">What they took.</param>
public readonly record struct Removed(int Count, long Bytes)
{
    /// <summary>Both together.</summary>
    public static Removed operator +(Removed left, Removed right) => left.Add(right);

    /// <summary>Both together.</summary>
    public Removed Add(Removed other) => new(Count + other.Count, Bytes + other.Bytes);
}
