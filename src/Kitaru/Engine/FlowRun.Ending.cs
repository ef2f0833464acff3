using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <content>How a run ends.</content>
internal sealed partial class FlowRun
{
    /// <summary>After an error of the store, so that a lasting one does not run steps again and again without pause.</summary>
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly Lock _metadataGate = new();
    private readonly JsonObject _metadata;
    private bool _metadataChanged;
    private ExecutionStatus? _outcome;

    /// <summary>The outcome was committed, or a terminal write is under way.</summary>
    private void EndWithBody()
    {
        if (_body!.IsCompletedSuccessfully)
        {
            var left = _recorded.Undelivered.Where(entry => !_pending.ContainsKey(entry.Key)).ToArray();
            var unused = _replay?.Left.Where(entry => !_pending.ContainsKey(entry.Key)).ToArray() ?? [];
            if (left.Length > 0 && !_mayAskForLess)
                Fail(Divergence.NeverAskedFor(Execution, left));
            else if (unused.Length > 0 && _replay!.IsStrict)
                Fail(Divergence.NeverAskedFor(Execution, unused));
            else
                Complete(_body.Result, unused);
            return;
        }
        Fail(_body.Exception?.InnerExceptions is [var only] ? only : (Exception?)_body.Exception ?? new OperationCanceledException("The flow body was cancelled by its own code."));
    }

    private void Complete(object? value, JournalEntry[] unused)
    {
        if (unused.Length > 0)
            _log.Add("INFO", $"The replay did not need these records it had taken over: {string.Join(", ", unused.Take(20).Select(entry => entry.Key))}.", null, null);
        var unfinished = _pending.Values.Where(call => call.Kind == JournalKind.Checkpoint && _recorded.Find(call.Key) is null).ToArray();
        if (unfinished.Length > 0)
        {
            _log.Add("WARNING", "The flow returned while these checkpoints were not finished; they are cancelled and not recorded: "
                + string.Join(", ", unfinished.Select(call => call.Key)) + ". Await a checkpoint whose outcome matters.", null, null);
        }
        StoredValue? result = null;
        if (_flow.ResultType is { } type)
        {
            try
            {
                result = Encode(value, type, $"The result of flow '{Execution.FlowName}'", checkpoint: null);
            }
            catch (Exception exception)
            {
                BeginFinish(new Outcome(ExecutionStatus.Failed, "its result cannot be stored", null, Failures.Runtime(
                    $"The result of flow '{Execution.FlowName}' ({type}) cannot be serialized: {exception.Message} "
                    + "Return something System.Text.Json can write: a record, a list, a string, bytes.", exception, Mask), CurrentMetadata()));
                return;
            }
        }
        BeginFinish(new Outcome(ExecutionStatus.Completed, null, result, null, CurrentMetadata()));
    }

    private void Fail(Exception exception)
    {
        if (exception is WaitAbortedException aborted)
        {
            BeginFinish(new Outcome(ExecutionStatus.Cancelled, aborted.Message, null, null, CurrentMetadata()));
            return;
        }
        var failure = Failures.From(exception, exception switch
        {
            KitaruBackendException => FailureOrigin.Backend,
            // A record that cannot be read or written: not the user's fault.
            KitaruRuntimeException and not KitaruExecutionException => FailureOrigin.Runtime,
            _ => FailureOrigin.UserCode,
        }, Mask);
        if (failure.Divergence is { } sides)
            failure = failure with { Divergence = sides with { LastAgreed = _lastSeen } };
        if (failure.Origin == FailureOrigin.UserCode && Execution.RetriesUsed < Execution.Retries)
        {
            var used = Execution.RetriesUsed + 1;
            BeginRelease(new Release(
                ExecutionStatus.Queued, $"flow retry {used} of {Execution.Retries} after: {Texts.Short(failure.Message)}", Now, used)
            { Forget = [.. failure.CausedBy.Union(_lineage.Leaves.Intersect(_failed))] });
            return;
        }
        BeginFinish(new Outcome(ExecutionStatus.Failed, Texts.Short(failure.Message, 1000), null, failure, CurrentMetadata()));
    }

    private void BeginFinish(Outcome outcome)
    {
        MarkStopped();
        _outcome = outcome.Status;
        _ = EndAsync(RunEnd.Finished, async () =>
        {
            if (outcome.Result is { } result)
                outcome = outcome with { Result = await StoreAsync(result).ConfigureAwait(false) };
            await Journal.FinishAsync(Lease, outcome, CancellationToken.None).ConfigureAwait(false);
            StoredOutcome = outcome;
        });
    }

    private void BeginRelease(Release release)
    {
        MarkStopped();
        release = release with { ExecutionMetadata = TakeChangedMetadata() };
        _ = EndAsync(RunEnd.Released, () => Journal.ReleaseAsync(Lease, release, CancellationToken.None));
    }

    private void HandOver() => Post(() =>
    {
        if (!_stopped)
            BeginRelease(new Release(ExecutionStatus.Queued, "handed over: its worker was told to stop", Now));
    });

    /// <summary>Ends the execution from outside the body: it blocked its thread, or its process is ending.</summary>
    public Task FinishFailedAsync(Failure failure)
    {
        // Not on the pump, which the body may be keeping: only what any thread may do.
        Volatile.Write(ref _stopped, true);
        CancelStopToken();
        return EndAsync(RunEnd.Finished, () => Journal.FinishAsync(
            Lease, new Outcome(ExecutionStatus.Failed, Texts.Short(failure.Message, 1000), null, failure, null), CancellationToken.None));
    }

    private void Stop(RunEnd end, Exception? cause = null)
    {
        MarkStopped();
        if (end == RunEnd.Lost)
        {
            // The body sees the cancellation, so that its finally blocks run; nothing it does is recorded any more.
            foreach (var call in _pending.Values.ToArray())
                Turn(() => call.Cancel(StopToken));
            _pending.Clear();
            _ = EndAsync(RunEnd.Lost, () => Task.CompletedTask);
            return;
        }
        _log.Add("ERROR", $"The execution is given back after an error of the store: {cause?.Message}", null, null, source: "runner");
        _ = EndAsync(RunEnd.Released, () => Journal.ReleaseAsync(
            Lease, new Release(ExecutionStatus.Queued, "given back after an error of the store", Now + PauseAfterError), CancellationToken.None));
    }

    /// <summary>Ends the run; on the pump.</summary>
    private void MarkStopped()
    {
        Volatile.Write(ref _stopped, true);
        _restTimer?.Dispose();
        foreach (var call in _startable)
            LiveCallEnded(call);
        _startable.Clear();
        CancelStopToken();
    }

    private void CancelStopToken()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException exception)
        {
            _log.Add("ERROR", $"A callback on the cancellation token threw: {exception.InnerException}", null, null, source: "runner");
        }
    }

    private async Task EndAsync(RunEnd end, Func<Task> write)
    {
        ScopedConsole.EndLines(this);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _log.FlushAsync().ConfigureAwait(false);
                await write().ConfigureAwait(false);
                break;
            }
            catch (KitaruLeaseLostException)
            {
                end = RunEnd.Lost;
                break;
            }
            catch (KitaruBackendException)
            {
                // The outcome is unknown: the same write again is either fenced, or was never made. As long as this process lives it
                // holds the lease, so nobody else could end the execution in its place.
            }
            catch (Exception exception)
            {
                // This write can never be made: say so instead, in one that can.
                var failure = Failures.Runtime($"The end of the execution could not be stored: {exception.Message}", exception, Mask);
                write = () => Journal.FinishAsync(Lease, new Outcome(ExecutionStatus.Failed, failure.Message, null, failure, null), CancellationToken.None);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 50 << Math.Min(attempt, 7))), Time).ConfigureAwait(false);
        }
        if (_ended.TrySetResult(end))
            _telemetry.End(end, _outcome);
    }

    public void SetMetadata(string key, JsonNode? value)
    {
        lock (_metadataGate)
        {
            MetadataMerge.Set(_metadata, key, value);
            _metadataChanged = true;
        }
    }

    private JsonObject? TakeChangedMetadata()
    {
        lock (_metadataGate)
        {
            if (!_metadataChanged)
                return null;
            _metadataChanged = false;
            return MaskedMetadata();
        }
    }

    private JsonObject? CurrentMetadata()
    {
        lock (_metadataGate)
            return _metadata.Count == 0 ? null : MaskedMetadata();
    }

    private JsonObject MaskedMetadata()
    {
        var copy = _metadata.DeepClone().AsObject();
        return Mask?.Apply(copy) ?? copy;
    }
}
