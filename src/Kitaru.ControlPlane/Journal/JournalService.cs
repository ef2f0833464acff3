using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class JournalService(IStore store, LargeValues values, IdFactory ids) : IJournal
{
    public Task AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken = default)
    {
        var hasLarge = LargeValues.IsLarge(entry.Value) || LargeValues.IsLarge(entry.Arguments) || entry.Artifacts.Any(artifact => LargeValues.IsLarge(artifact.Value));
        return hasLarge
            ? AppendLargeAsync(lease, entry, cancellationToken)
            : CheckAsync(lease, store.Journal.AppendAsync(lease, entry, cancellationToken));
    }

    public Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken = default) =>
        store.Journal.FindCachedAsync(key, cancellationToken);

    public Task AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken = default) =>
        CheckAsync(lease, store.Journal.AppendAttemptAsync(lease, attempt, cancellationToken));

    public async Task<WaitRecord> OpenWaitAsync(Lease lease, NewWait wait, CancellationToken cancellationToken = default) =>
        await store.Journal.OpenWaitAsync(lease, new WaitId(ids.NewId()), wait, cancellationToken).ConfigureAwait(false)
        ?? throw new KitaruLeaseLostException(lease.ExecutionId);

    public Task AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken = default) =>
        CheckAsync(lease, store.Journal.AnnounceAsync(lease, calls, cancellationToken));

    public Task ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken = default)
    {
        if (release.Status is not (ExecutionStatus.Queued or ExecutionStatus.Sleeping or ExecutionStatus.Waiting))
            throw new KitaruUsageException($"An execution is released as queued, sleeping or waiting, not as {release.Status}.", "End it with FinishAsync.");
        if (release is { Status: ExecutionStatus.Sleeping, RunnableAt: null })
            throw new KitaruUsageException("An execution that sleeps must say until when: RunnableAt is null.");
        return CheckAsync(lease, store.Journal.ReleaseAsync(lease, release, cancellationToken));
    }

    public async Task FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken = default)
    {
        if (!ExecutionTransitions.IsTerminal(outcome.Status))
            throw new KitaruUsageException($"An execution ends completed, failed or cancelled, not {outcome.Status}.", "Let it go with ReleaseAsync.");
        var kept = outcome with { Result = await values.KeepOrNullAsync(outcome.Result, cancellationToken).ConfigureAwait(false) };
        await CheckAsync(lease, store.Journal.FinishAsync(lease, kept, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task CheckAsync(Lease lease, Task<bool> write)
    {
        if (!await write.ConfigureAwait(false))
            throw new KitaruLeaseLostException(lease.ExecutionId);
    }

    private async Task AppendLargeAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken)
    {
        var artifacts = new List<NewArtifact>(entry.Artifacts.Count);
        foreach (var artifact in entry.Artifacts)
            artifacts.Add(artifact with { Value = await values.KeepAsync(artifact.Value, cancellationToken).ConfigureAwait(false) });
        var kept = entry with
        {
            Value = await values.KeepOrNullAsync(entry.Value, cancellationToken).ConfigureAwait(false),
            // Kept for the divergence report only, where nobody reads that much.
            Arguments = LargeValues.IsLarge(entry.Arguments) ? null : entry.Arguments,
            Artifacts = artifacts,
        };
        await CheckAsync(lease, store.Journal.AppendAsync(lease, kept, cancellationToken)).ConfigureAwait(false);
    }
}
