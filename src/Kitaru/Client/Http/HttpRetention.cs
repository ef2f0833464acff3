using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>What is deleted stays deleted: a second request goes on with what is left, and leaves no key behind in a store that is to become smaller.</summary>
internal sealed class HttpRetention(HttpCalls calls) : IRetention
{
    /// <summary>Counting a large store, and deleting much of it, takes its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public Task<DeletedExecution> DeleteAsync(ExecutionId id, bool dryRun = false, CancellationToken cancellationToken = default) => calls.ChangeAsync<DeletedExecution>(
        HttpMethod.Delete, new Query($"executions/{id}").Add("dry_run", dryRun), body: null, dryRun ? Repeat.Safe : Repeat.Never, cancellationToken);

    public Task<PruneResult> PruneAsync(PruneQuery query, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<PruneResult>(HttpMethod.Post, "retention/prune", query, Repeat.Safe, cancellationToken, Patience);

    public Task<StoreSize> MeasureAsync(CancellationToken cancellationToken = default) => calls.GetAsync<StoreSize>("retention/size", cancellationToken, Patience);

    public Task<Swept> SweepAsync(CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<Swept>(HttpMethod.Post, "retention/sweep", body: null, Repeat.Safe, cancellationToken, Patience);
}
