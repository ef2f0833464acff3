using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>
/// Checks staged code against what executions have recorded, in worker processes of their own: flow code never runs in the process that asks.
/// One that blocks costs its own execution's time, then its process is ended and the next goes on in a new one.
/// </summary>
public sealed class ReplayChecks(ConfigDirectory config, TimeProvider time)
{
    /// <summary>How long the code may take with one execution.</summary>
    public static readonly TimeSpan ExecutionTime = TimeSpan.FromSeconds(10);

    /// <summary>How long all of them together may take; callers wait.</summary>
    public static readonly TimeSpan TotalTime = TimeSpan.FromSeconds(40);

    /// <summary>A check of each, in the order given.</summary>
    public async Task<IReadOnlyList<ReplayCheck>> RunAsync(
        SnapshotId code, IReadOnlyList<ExecutionRecord> executions, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        if (executions.Count == 0)
            return [];
        progress?.Report($"checking {executions.Count} executions in flight against the new code");
        var files = WorkerFiles.Locate(Environment.GetEnvironmentVariable);
        var folder = new StageStore(config, files, time).PrepareRunFolder(code);
        var done = new Dictionary<ExecutionId, ReplayCheck>();
        var startedAt = time.GetTimestamp();
        // A process has the variables of one environment.
        foreach (var group in executions.GroupBy(execution => execution.Environment))
        {
            var left = new Queue<ExecutionId>(group.Select(execution => execution.Id));
            while (left.Count > 0 && time.GetElapsedTime(startedAt) < TotalTime)
                await RunOneProcessAsync(folder, group.Key, left, done, cancellationToken).ConfigureAwait(false);
        }
        return [.. executions.Select(execution => done.GetValueOrDefault(execution.Id)
            ?? new ReplayCheck(execution.Id, null, $"not checked: the {TotalTime.TotalSeconds:0} s for all checks were over"))];
    }

    /// <summary>Until all are done, one takes too long, or the process ends; at least one is done then.</summary>
    private async Task RunOneProcessAsync(
        string folder, EnvironmentId environment, Queue<ExecutionId> left, Dictionary<ExecutionId, ReplayCheck> done, CancellationToken cancellationToken)
    {
        using var process = CheckProcess.Start(DotnetInstallation.Find(Environment.GetEnvironmentVariable).Host, folder, new CheckArguments
        {
            Nonce = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Config = config,
            Environment = environment,
            ParentProcessId = Environment.ProcessId,
            Executions = [.. left],
        });
        while (left.TryPeek(out var id))
        {
            var check = await ReadAsync(process, id, cancellationToken).ConfigureAwait(false);
            done[id] = check;
            left.Dequeue();
            if (check.WouldReplay is null)
                return;
        }
    }

    private async Task<ReplayCheck> ReadAsync(CheckProcess process, ExecutionId id, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(ExecutionTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var check = await process.ReadAsync(either.Token).ConfigureAwait(false);
            return check is not null && check.Execution == id ? check : new ReplayCheck(id, null, "the process that checked the new code ended before it had a result");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ReplayCheck(id, null, $"the new code had not come to the end of the records after {ExecutionTime.TotalSeconds:0} s");
        }
    }
}
