using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpWorkers(HttpCalls calls, HttpChanges work, TimeSpan leaseDuration) : IWorkers
{
    public TimeSpan LeaseDuration { get; } = leaseDuration;

    public Task RegisterAsync(WorkerRecord worker, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync(HttpMethod.Put, $"workers/{worker.Id}", worker, Repeat.Safe, cancellationToken);

    public Task DeregisterAsync(WorkerId id, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync(HttpMethod.Delete, $"workers/{id}", body: null, Repeat.Safe, cancellationToken);

    public async Task<IReadOnlyList<WorkerRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        (await calls.GetAsync<ListBody<WorkerRecord>>("workers", cancellationToken).ConfigureAwait(false)).Items;

    public Task<WorkerEnvironment> GetEnvironmentAsync(EnvironmentId id, CancellationToken cancellationToken = default) =>
        calls.GetAsync<WorkerEnvironment>(new Query("environments").Add("id", id.Value), cancellationToken);

    public async Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(WorkerId id, WorkerKind kind, int max, FlowFilter? flows = null, CancellationToken cancellationToken = default) =>
        (await calls.ChangeAsync<ListBody<ClaimedExecution>>(
            HttpMethod.Post, $"workers/{id}/claims", new ClaimBody { Kind = kind, Max = max, Flows = flows }, Repeat.Never, cancellationToken).ConfigureAwait(false)).Items;

    public async Task<ClaimedExecution?> ClaimOneAsync(WorkerId id, WorkerKind kind, ExecutionId execution, CancellationToken cancellationToken = default) =>
        (await calls.ChangeAsync<ListBody<ClaimedExecution>>(
            HttpMethod.Post, $"workers/{id}/claims", new ClaimBody { Kind = kind, Execution = execution }, Repeat.Never, cancellationToken).ConfigureAwait(false)).Items is [var found, ..] ? found : null;

    public Task<ClaimedExecution?> PeekAsync(ExecutionId execution, CancellationToken cancellationToken = default) =>
        calls.FindAsync<ClaimedExecution>("execution", $"executions/{execution}/peek", cancellationToken);

    public Task RenewAsync(WorkerId id, IReadOnlyList<Lease> held, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync(HttpMethod.Post, $"workers/{id}/renewals", new LeasesBody { Leases = held }, Repeat.Safe, cancellationToken);

    public async Task<IReadOnlyList<LeaseSignal>> ReadSignalsAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken = default) =>
        (await calls.AskAsync<ListBody<LeaseSignal>>("workers/signals", new LeasesBody { Leases = leases }, cancellationToken).ConfigureAwait(false)).Items;

    public async Task<IReadOnlyList<WorkerRecord>> ReapAsync(IReadOnlyList<WorkerId>? dead = null, CancellationToken cancellationToken = default) =>
        (await calls.ChangeAsync<ListBody<WorkerRecord>>(HttpMethod.Post, "workers/reap", new ReapBody(dead), Repeat.Safe, cancellationToken).ConfigureAwait(false)).Items;

    public Task<RunnableWork> FindRunnableAsync(CancellationToken cancellationToken = default) => calls.GetAsync<RunnableWork>("workers/runnable", cancellationToken);

    public Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken = default) => work.WaitAsync(seen, cancellationToken);
}
