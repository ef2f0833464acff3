using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;

namespace Kitaru.Mcp.Executions;

/// <summary>Waits for an execution, and tells a client that asked for progress how it gets on meanwhile.</summary>
internal sealed class WaitProgress(ToolCall call, ExecutionId id)
{
    /// <summary>A busy execution is told of now and then, not once per checkpoint.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Of a longer execution only what is counted is looked at.</summary>
    private const int CallsSeenMax = 500;

    private string? _said;

    /// <summary>Returns when the execution has ended or asks for input, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        var executions = call.Backend.Client.Executions;
        if (!call.IsFollowed)
        {
            await executions.WaitForStopAsync(id, max, cancellationToken);
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = FollowAsync(stop.Token);
        try
        {
            await executions.WaitForStopAsync(id, max, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // What happened in the last moment, so that nobody is left with less than the answer says.
        await LookAsync(cancellationToken);
    }

    /// <summary>Ends when it is stopped or the store is away: the wait itself meets that too, and says it.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        long seen = 0;
        while (true)
        {
            await LookAsync(cancellationToken);
            // Its mark is older than the next look: what changes meanwhile is looked at once more.
            seen = await (await call.Backend.OpenAsync(cancellationToken)).Executions.WaitForChangeAsync(seen, cancellationToken);
            await Task.Delay(Pause, call.Time, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var executions = (await call.Backend.OpenAsync(cancellationToken)).Executions;
        if (await executions.FindAsync(id, cancellationToken) is not { } execution)
            return;
        var calls = execution.CheckpointCount is > 0 and <= CallsSeenMax ? (await executions.GetAsync(id, cancellationToken)).Calls : [];
        var words = Words(execution, calls);
        if (words == _said)
            return;
        _said = words;
        call.Progress.Report(PlainText.Of(words));
    }

    /// <summary>Such as <c>running: 2 of 3 checkpoint calls have ended, the last was draft</c>.</summary>
    private static string Words(ExecutionRecord execution, IReadOnlyList<CallRecord> calls)
    {
        var status = StatusWords.Of(execution.Status);
        if (execution.PendingWaits is [var wait, ..])
            status += $" for {wait.Name}";
        else if (execution.Status is ExecutionStatus.Queued or ExecutionStatus.Sleeping && StatusWords.Reason(execution) is { } reason)
            status += $" ({Texts.Short(reason)})";
        List<CallRecord> ended = [.. calls.Where(one => one.EndedAt is not null)];
        if (ended.MaxBy(one => one.Seq ?? 0) is { } last)
            return $"{status}: {ended.Count} of {calls.Count} checkpoint calls have ended, the last was {last.Name}";
        return execution.CheckpointCount > CallsSeenMax ? $"{status}: {execution.CheckpointCount} checkpoint calls" : status;
    }
}
