using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Writes of a lease's holder; each answers false (or null) and writes nothing when the lease is not the current one.</summary>
internal interface IJournalStore
{
    Task<bool> AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken);

    Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken);

    Task<bool> AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken);

    Task<WaitRecord?> OpenWaitAsync(Lease lease, WaitId newId, NewWait wait, CancellationToken cancellationToken);

    Task<bool> AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken);

    Task<bool> ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken);

    Task<bool> FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken);
}
