using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <content>Waiting for an execution.</content>
public sealed partial class ExecutionsClient
{
    private static readonly TimeSpan PromptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HereFor = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LaterLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Waits until the execution has ended or waits for input, or <paramref name="max"/> is over; returns where it stands then.
    /// </summary>
    public Task<ExecutionRecord> WaitForStopAsync(ExecutionId id, TimeSpan max, CancellationToken cancellationToken = default) =>
        WaitUntilAsync(id, static record => IsTerminal(record.Status) || record.Status == ExecutionStatus.Waiting, max, cancellationToken);

    /// <summary>The result, at the end.</summary>
    internal async Task<StoredValue?> WaitForEndAsync(ExecutionId id, TimeSpan? timeout, bool throwOnWait, CancellationToken cancellationToken)
    {
        if (timeout <= TimeSpan.Zero)
            throw new KitaruUsageException($"The timeout must be positive; got {timeout}.");
        // What a run of this process has stored need not be read again.
        if (_client.RunHere(id) is { } run && await EndsSoonAsync(run, timeout, cancellationToken).ConfigureAwait(false)
            && run.StoredOutcome is { Status: ExecutionStatus.Completed } outcome)
        {
            return outcome.Result;
        }
        var record = await WaitUntilAsync(
            id,
            record => IsTerminal(record.Status) || throwOnWait && record.Status == ExecutionStatus.Waiting,
            timeout ?? Timeout.InfiniteTimeSpan,
            cancellationToken).ConfigureAwait(false);
        if (record.Status == ExecutionStatus.Waiting && throwOnWait)
        {
            var wait = record.PendingWaits.Count > 0 ? record.PendingWaits[0].Name : "?";
            throw new KitaruStateException(
                $"Execution {id} waits for input on '{wait}'.", $"Answer it: executions.InputAsync(id, \"{wait}\", value), or kitaru_executions_input.");
        }
        if (!IsTerminal(record.Status))
        {
            throw new KitaruTimeoutException(
                $"Execution {id} had not ended after {timeout}; it is {record.Status.ToString().ToLowerInvariant()} and goes on.",
                "Wait again, or look at it with GetAsync.");
        }
        ThrowUnlessCompleted(record);
        return record.Result;
    }

    private async Task<ExecutionRecord> WaitUntilAsync(
        ExecutionId id, Func<ExecutionRecord, bool> isDone, TimeSpan max, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var over = max == Timeout.InfiniteTimeSpan ? new CancellationTokenSource() : new CancellationTokenSource(max, _client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        long seen = 0;
        var begun = _client.Time.GetTimestamp();
        await WaitHereAsync(id, either.Token).ConfigureAwait(false);
        while (true)
        {
            var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (isDone(record) || over.IsCancellationRequested)
                return record;
            try
            {
                if (record.PendingWaits.Count > 0 || !await WaitHereAsync(id, either.Token).ConfigureAwait(false))
                    seen = await controlPlane.Executions.WaitForChangeAsync(seen, either.Token).ConfigureAwait(false);
                // A short one is seen to end at once; for a long one many need not look at every change.
                if (_client.Time.GetElapsedTime(begun) > PromptFor)
                    await Task.Delay(LaterLooks, _client.Time, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The time is over: one last look.
            }
        }
    }

    /// <summary>A run of this very process says itself when it is over: no need to ask the store on every change. False when there is none.</summary>
    private async Task<bool> WaitHereAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        if (_client.RunHere(id) is not { } run)
            return false;
        await EndsSoonAsync(run, timeout: null, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for the run to end, for a while; whether it did.</summary>
    private async Task<bool> EndsSoonAsync(FlowRun run, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (run.Ended.IsCompleted)
            return true;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(timeout < HereFor ? timeout.Value : HereFor, _client.Time, enough.Token);
        await Task.WhenAny(run.Ended, delay).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return run.Ended.IsCompleted;
    }

    private static bool IsTerminal(ExecutionStatus status) =>
        status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled;

    private static void ThrowUnlessCompleted(ExecutionRecord record)
    {
        switch (record.Status)
        {
            case ExecutionStatus.Completed:
                return;
            case ExecutionStatus.Cancelled:
                throw new KitaruExecutionException(
                    $"Execution {record.Id} was cancelled{(record.StatusReason is null ? "." : $": {record.StatusReason}")}",
                    record.Id, record.Status, FailureOrigin.Unknown);
            case ExecutionStatus.Failed:
                var failure = record.Failure;
                var message = $"Execution {record.Id} failed: {failure?.Message ?? record.StatusReason}";
                throw failure?.Origin switch
                {
                    FailureOrigin.UserCode => new KitaruUserCodeException(message, record.Id, "Look at its log: get_execution_logs."),
                    FailureOrigin.Divergence => new KitaruDivergenceException(message, record.Id, "Run the flow anew with the present code."),
                    _ => new KitaruExecutionException(message, record.Id, record.Status, failure?.Origin ?? FailureOrigin.Unknown),
                };
            default:
                throw new KitaruStateException(
                    $"Execution {record.Id} has not ended; it is {record.Status.ToString().ToLowerInvariant()}.", "Wait for it: handle.WaitAsync().");
        }
    }
}
