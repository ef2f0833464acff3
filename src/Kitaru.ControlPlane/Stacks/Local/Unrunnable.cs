using Kitaru.Core;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>
/// What happens to executions no worker can be started for. They are claimed like any other, so that nobody else has them at the same time.
/// </summary>
internal sealed class Unrunnable(IControlPlane controlPlane, TimeProvider time)
{
    private const int Batch = 100;

    /// <summary>Ends them as failed.</summary>
    public Task FailAsync(WorkerKind kind, string why, CancellationToken cancellationToken) =>
        WithEachAsync(kind, lease => controlPlane.Journal.FinishAsync(
            lease,
            new Outcome(ExecutionStatus.Failed, why, null, new Failure(why, null, null, FailureOrigin.Runtime), null),
            cancellationToken), cancellationToken);

    /// <summary>Puts them back for later, with the reason where people look.</summary>
    public Task PostponeAsync(WorkerKind kind, string why, DateTimeOffset until, CancellationToken cancellationToken) =>
        WithEachAsync(kind, async lease =>
        {
            var entry = WorkerOutput.Entry(why, "ERROR", time.GetUtcNow());
            await controlPlane.Logs.AppendAsync(lease.ExecutionId, [entry], cancellationToken).ConfigureAwait(false);
            await controlPlane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, why, until), cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    private async Task WithEachAsync(WorkerKind kind, Func<Lease, Task> settle, CancellationToken cancellationToken)
    {
        var workers = controlPlane.Workers;
        var self = new WorkerRecord
        {
            Id = new WorkerId(Guid.CreateVersion7(time.GetUtcNow())),
            Snapshot = kind.Snapshot,
            Environment = kind.Environment,
            Process = ProcessIdentities.Current(),
            StartedAt = time.GetUtcNow(),
        };
        await workers.RegisterAsync(self, cancellationToken).ConfigureAwait(false);
        try
        {
            while (await workers.ClaimAsync(self.Id, kind, Batch, flows: null, cancellationToken).ConfigureAwait(false) is { Count: > 0 } claims)
            {
                foreach (var claim in claims)
                {
                    try
                    {
                        await settle(claim.Lease).ConfigureAwait(false);
                    }
                    catch (KitaruLeaseLostException)
                    {
                        // Cancelled meanwhile.
                    }
                }
            }
        }
        finally
        {
            await workers.DeregisterAsync(self.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
