using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class WorkerService(IStore store, TimeSpan leaseDuration, TimeProvider time) : IWorkers
{
    private const int ClaimMax = 1000;
    private const int StallsMax = 5;

    /// <summary>A worker renews three times in a lease; after so many without a word it is no longer one.</summary>
    private const int SilentLeases = 6;

    public TimeSpan LeaseDuration => leaseDuration;

    public Task RegisterAsync(WorkerRecord worker, CancellationToken cancellationToken = default) =>
        store.Workers.RegisterAsync(worker, cancellationToken);

    public Task DeregisterAsync(WorkerId id, CancellationToken cancellationToken = default) =>
        store.Workers.DeregisterAsync(id, cancellationToken);

    public async Task<IReadOnlyList<WorkerRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await store.Workers.ListAsync(cancellationToken).ConfigureAwait(false)).Select(known => known.Worker with { SeenAt = known.SeenAt })];

    public async Task<WorkerEnvironment> GetEnvironmentAsync(EnvironmentId id, CancellationToken cancellationToken = default) =>
        id == EnvironmentId.Plain ? WorkerEnvironment.Plain
        : await store.Workers.FindEnvironmentAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruNotFoundException($"There is no environment '{Texts.Short(id.Value)}'.", "Start the execution anew.");

    public async Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(
        WorkerId id, WorkerKind kind, int max, FlowFilter? flows = null, CancellationToken cancellationToken = default)
    {
        if (max is < 1 or > ClaimMax)
            throw new KitaruUsageException($"max must be between 1 and {ClaimMax}; it is {max}.");
        return await ClaimAsync(id, kind, max, only: null, flows, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ClaimedExecution?> ClaimOneAsync(
        WorkerId id, WorkerKind kind, ExecutionId execution, CancellationToken cancellationToken = default) =>
        await ClaimAsync(id, kind, max: 1, execution, flows: null, cancellationToken).ConfigureAwait(false) is [var claimed] ? claimed : null;

    public Task<ClaimedExecution?> PeekAsync(ExecutionId execution, CancellationToken cancellationToken = default) =>
        store.Workers.FindToRunAsync(execution, cancellationToken);

    public Task RenewAsync(WorkerId id, IReadOnlyList<Lease> held, CancellationToken cancellationToken = default) =>
        store.Workers.RenewAsync(id, held, leaseDuration, cancellationToken);

    public Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken = default) => store.WaitForWorkAsync(seen, cancellationToken);

    public Task<IReadOnlyList<LeaseSignal>> ReadSignalsAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken = default) =>
        store.Workers.ReadSignalsAsync(leases, cancellationToken);

    public async Task<IReadOnlyList<WorkerRecord>> ReapAsync(IReadOnlyList<WorkerId>? dead = null, CancellationToken cancellationToken = default)
    {
        var survey = await store.Workers.SurveyAsync(cancellationToken).ConfigureAwait(false);
        // A process of another machine, or of a container that is gone, cannot be asked: its silence has to do.
        var silentSince = time.GetUtcNow() - leaseDuration * SilentLeases;
        var gone = survey.Known.Where(worker => dead?.Contains(worker.Worker.Id) == true || !ProcessIdentities.IsAlive(worker.Worker.Process) || worker.SeenAt < silentSince)
            .Select(worker => worker.Worker).ToList();
        // Reading costs the other writers nothing; the lock is taken only when there is something to take.
        if (gone.Count > 0 || survey.AnyExpired)
            await store.Workers.TakeOverAsync(new Takeover([.. gone.Select(worker => worker.Id)], StallsMax), cancellationToken).ConfigureAwait(false);
        return gone;
    }

    public Task<RunnableWork> FindRunnableAsync(CancellationToken cancellationToken = default) =>
        store.Workers.FindRunnableAsync(cancellationToken);

    private async Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(
        WorkerId id, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, CancellationToken cancellationToken)
    {
        var leases = await store.Workers.ClaimAsync(id, kind, max, only, flows, leaseDuration, cancellationToken).ConfigureAwait(false);
        if (leases.Count == 0)
            return [];
        try
        {
            // Not cancellable any more: what is claimed and not handed over would be renewed for ever and run by nobody.
            return await store.Workers.ReadClaimedAsync(leases, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            foreach (var lease in leases)
                await store.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, null, null), CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
