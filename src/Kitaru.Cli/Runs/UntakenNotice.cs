using Kitaru.Cli.Commands;
using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru.Cli.Runs;

/// <summary>Says once what an execution waits for that nobody has taken for a while: without it, whoever looks on sees nothing at all.</summary>
internal sealed class UntakenNotice(CommandCall call)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long? _since;
    private bool _said;

    /// <summary>What is to be said now that it stands like this; null for nothing.</summary>
    public async Task<string?> OfAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        if (execution.Status != ExecutionStatus.Queued)
            _since = null;
        else
            _since ??= call.Host.Time.GetTimestamp();
        if (_said || _since is not { } since || call.Host.Time.GetElapsedTime(since) < Patience)
            return null;
        _said = true;
        var explanation = await call.Client.Executions.ExplainAsync(execution.Id, cancellationToken);
        return explanation.Situation switch
        {
            Situation.QueuedWithoutWorker when execution.RunnableAt is null || execution.RunnableAt <= call.Host.Time.GetUtcNow() =>
                $"Warning: no worker is connected that can take the execution: none serves its code ({Texts.Short(execution.Snapshot.Value, 12)}) on stack {execution.StackName}. {Next(execution)}",
            Situation.Queued or Situation.QueuedWithoutWorker => $"Warning: no worker has taken the execution yet. {explanation.Summary} {Next(execution)}",
            _ => null,
        };
    }

    private string Next(ExecutionRecord execution) =>
        (call.Client.ReadConnection().Kind == ConnectionKind.Embedded ? "" : "Start a kitaru-worker for this server. ") + $"It goes on by itself as soon as one can; kitaru executions explain {execution.Id} says more.";
}
