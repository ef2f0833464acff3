namespace Kitaru.Testing;

/// <summary>How often a call of the store goes wrong, each from 0 (never) to 1 (always).</summary>
public sealed record FaultRates
{
    /// <summary>No faults at all.</summary>
    public static FaultRates None { get; } = new();

    /// <summary>A bad day: one call in twenty goes wrong, in one way or another.</summary>
    public static FaultRates BadDay { get; } = new() { FailBefore = 0.01, FailAfterCommit = 0.01, DiskFull = 0.01, Fenced = 0.01, Delay = 0.01 };

    /// <summary>Fails, and nothing was written.</summary>
    public double FailBefore { get; init; }

    /// <summary>Is written, and fails nevertheless: the caller does not know.</summary>
    public double FailAfterCommit { get; init; }

    /// <summary>A write fails as on a full disk, and nothing was written.</summary>
    public double DiskFull { get; init; }

    /// <summary>A write of a worker finds that its lease has been taken away.</summary>
    public double Fenced { get; init; }

    /// <summary>Takes longer, before or after it is done.</summary>
    public double Delay { get; init; }
}
