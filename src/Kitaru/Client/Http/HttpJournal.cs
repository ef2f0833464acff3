using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>Every write here names its lease and its place in the journal: sent twice, it is stored once.</summary>
internal sealed class HttpJournal(HttpCalls calls, HttpValues values) : IJournal
{
    public async Task AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken = default)
    {
        var artifacts = new List<NewArtifact>(entry.Artifacts.Count);
        foreach (var artifact in entry.Artifacts)
            artifacts.Add(artifact with { Value = await values.KeepAsync(artifact.Value, cancellationToken).ConfigureAwait(false) });
        var kept = entry with
        {
            Artifacts = artifacts,
            // Kept for the divergence report only, where nobody reads that much.
            Arguments = entry.Arguments is { Inline.Length: > StoredValue.InlineBytesMax } ? null : entry.Arguments,
            Value = await values.KeepOrNullAsync(entry.Value, cancellationToken).ConfigureAwait(false),
        };
        await calls.WriteOnceAsync(PathOf(lease, "entries"), new EntryBody { Lease = lease, Entry = kept }, cancellationToken).ConfigureAwait(false);
    }

    public async Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken = default) =>
        await calls.FindAsync<CachedResult>("cached_result", $"cached_results/{Convert.ToHexStringLower(key)}", cancellationToken).ConfigureAwait(false);

    public Task AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken = default) =>
        calls.WriteOnceAsync(PathOf(lease, "attempts"), new AttemptBody { Lease = lease, Attempt = attempt }, cancellationToken);

    public Task<WaitRecord> OpenWaitAsync(Lease lease, NewWait wait, CancellationToken cancellationToken = default) =>
        calls.WriteAsync<WaitRecord>(HttpMethod.Post, PathOf(lease, "waits"), new OpenWaitBody { Lease = lease, Wait = wait }, cancellationToken);

    public Task AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> running, CancellationToken cancellationToken = default) =>
        SendAsync(lease, "running", new AnnounceBody { Lease = lease, Calls = running }, cancellationToken);

    public Task ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken = default) =>
        SendAsync(lease, "release", new ReleaseBody { Lease = lease, Release = release }, cancellationToken);

    public async Task FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken = default)
    {
        var result = await values.KeepOrNullAsync(outcome.Result, cancellationToken).ConfigureAwait(false);
        await SendAsync(lease, "finish", new FinishBody { Lease = lease, Outcome = outcome with { Result = result } }, cancellationToken).ConfigureAwait(false);
    }

    private Task SendAsync(Lease lease, string what, object body, CancellationToken cancellationToken) =>
        calls.WriteAsync(HttpMethod.Post, PathOf(lease, what), body, cancellationToken);

    private static string PathOf(Lease lease, string what) => $"executions/{lease.ExecutionId}/journal/{what}";
}
