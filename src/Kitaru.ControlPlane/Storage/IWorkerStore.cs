using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A registered worker and when it was last heard of.</summary>
internal sealed record KnownWorker(WorkerRecord Worker, DateTimeOffset SeenAt);

/// <summary>Who works, and whether somebody's lease has run out.</summary>
internal sealed record WorkerSurvey(IReadOnlyList<KnownWorker> Known, bool AnyExpired);

/// <summary>Whom to take executions from, and when to give up on one.</summary>
/// <param name="Dead">Workers whose process is known dead; they are forgotten.</param>
/// <param name="StallsMax">An execution whose workers died this often in a row without progress fails.</param>
internal sealed record Takeover(IReadOnlyList<WorkerId> Dead, int StallsMax);

internal interface IWorkerStore
{
    Task RegisterAsync(WorkerRecord worker, CancellationToken cancellationToken);

    Task DeregisterAsync(WorkerId id, CancellationToken cancellationToken);

    Task<IReadOnlyList<KnownWorker>> ListAsync(CancellationToken cancellationToken);

    Task<WorkerEnvironment?> FindEnvironmentAsync(EnvironmentId id, CancellationToken cancellationToken);

    /// <summary>Takes runnable executions of this kind, oldest first; only <paramref name="only"/> when it is given.</summary>
    Task<IReadOnlyList<Lease>> ClaimAsync(
        WorkerId id, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, TimeSpan leaseDuration, CancellationToken cancellationToken);

    /// <summary>What the holder needs to go on; a lease that is lost again is left out.</summary>
    Task<IReadOnlyList<ClaimedExecution>> ReadClaimedAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken);

    /// <summary>The same of an execution that nobody needs to hold; its lease is nobody's. Null when there is none.</summary>
    Task<ClaimedExecution?> FindToRunAsync(ExecutionId id, CancellationToken cancellationToken);

    Task RenewAsync(WorkerId id, IReadOnlyList<Lease> held, TimeSpan leaseDuration, CancellationToken cancellationToken);

    Task<IReadOnlyList<LeaseSignal>> ReadSignalsAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken);

    /// <summary>What whoever looks for dead workers goes by, in one read: it is done every few seconds.</summary>
    Task<WorkerSurvey> SurveyAsync(CancellationToken cancellationToken);

    Task TakeOverAsync(Takeover takeover, CancellationToken cancellationToken);

    Task<RunnableWork> FindRunnableAsync(CancellationToken cancellationToken);
}
