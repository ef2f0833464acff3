using Kitaru.Core;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>Takes executions away from workers that died, and writes the workers' last words into their logs.</summary>
internal sealed class DeadWorkers(IControlPlane controlPlane, TimeProvider time)
{
    private const int HeldMax = 1000;

    public async Task ReapAsync(IReadOnlyList<WorkerRecord> known, CancellationToken cancellationToken)
    {
        var suspects = known.Where(worker => !ProcessIdentities.IsAlive(worker.Process)).Select(worker => worker.Id).ToHashSet();
        // Who held what is gone once it is taken over, so it is read first.
        var held = suspects.Count == 0 ? [] : await ReadHeldAsync(suspects, cancellationToken).ConfigureAwait(false);
        foreach (var worker in await controlPlane.Workers.ReapAsync([.. suspects], cancellationToken).ConfigureAwait(false))
        {
            if (worker.OutputPath is not { } path)
                continue;
            var lines = new WorkerOutput(path).TakeLastWords();
            if (lines.Count == 0)
                continue;
            var entries = lines.Select(line => WorkerOutput.Entry(line, "ERROR", time.GetUtcNow())).ToList();
            foreach (var execution in held.Where(execution => execution.Owner == worker.Id))
                await controlPlane.Logs.AppendAsync(execution.Id, entries, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a worker that has just died left executions that nobody has taken over yet.</summary>
    public async Task<bool> HoldsAnyAsync(WorkerId worker, CancellationToken cancellationToken) =>
        (await ReadHeldAsync([worker], cancellationToken).ConfigureAwait(false)).Count > 0;

    private async Task<IReadOnlyList<ExecutionRecord>> ReadHeldAsync(HashSet<WorkerId> owners, CancellationToken cancellationToken)
    {
        var running = await controlPlane.Executions
            .ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Running], Limit = HeldMax }, cancellationToken).ConfigureAwait(false);
        return [.. running.Items.Where(execution => execution.Owner is { } owner && owners.Contains(owner))];
    }
}
