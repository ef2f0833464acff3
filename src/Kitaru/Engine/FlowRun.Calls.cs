using Kitaru.Core;
using Kitaru.Runtime;

namespace Kitaru.Engine;

/// <content>Checkpoint calls of the body.</content>
internal sealed partial class FlowRun
{
    private readonly List<LiveCall> _startable = [];
    private readonly Lock _liveGate = new();
    private readonly HashSet<LiveCall> _live = [];
    private TaskCompletionSource? _callsEnded;
    private bool _inSynchronousCall;
    private int _refused;

    /// <summary>A checkpoint call from the flow body.</summary>
    public Task<T> CallAsync<T>(
        CheckpointDefinition definition, object?[] arguments, CancellationToken userToken, Func<CancellationToken, Task<T>> body, string? explicitKey = null)
    {
        CheckBodyThread($"checkpoint '{definition.Name}'");
        if (HasStopped)
            return Refused<T>();
        definition = Masked(definition);
        var key = explicitKey is null ? _names.Next(definition.Name) : _names.Explicit(_bodyMask?.Apply(explicitKey) ?? explicitKey);
        var (fingerprint, recordedArguments, cacheKey) = _arguments.Encode(definition.Parameters, arguments, _bodyMask, Mask, CacheScope<T>(definition));
        var parents = _lineage.Parents();
        var pending = new PendingCall<T>(key, JournalKind.Checkpoint);
        _pending.Add(key, pending);
        var replaces = DropMisfit(key, fingerprint, recordedArguments);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Checkpoint, fingerprint, recordedArguments);
        else
        {
            _startable.Add(Track(new LiveCall<T>(this, definition, key, fingerprint, recordedArguments, parents, userToken, body)
            {
                ReplacesReused = replaces,
                CacheKey = cacheKey,
            }));
        }
        return pending.Task;
    }

    /// <summary>
    /// What a call gets once the run is over: the first sees the cancellation, later ones never end, for a body that
    /// catches everything and tries again would keep its thread for ever.
    /// </summary>
    private Task<T> Refused<T>() => _refused++ == 0 ? Task.FromCanceled<T>(StopToken) : new TaskCompletionSource<T>().Task;

    /// <summary>A synchronous checkpoint call: runs, commits and returns on the body's own thread.</summary>
    public T Call<T>(CheckpointDefinition definition, object?[] arguments, CancellationToken userToken, Func<CancellationToken, T> body)
    {
        CheckBodyThread($"checkpoint '{definition.Name}'");
        StopToken.ThrowIfCancellationRequested();
        definition = Masked(definition);
        var key = _names.Next(definition.Name);
        var (fingerprint, recordedArguments, cacheKey) = _arguments.Encode(definition.Parameters, arguments, _bodyMask, Mask, CacheScope<T>(definition));
        var parents = _lineage.Parents();
        var replaces = DropMisfit(key, fingerprint, recordedArguments);
        if (_recorded.Find(key) is { } recorded)
        {
            if (Check(recorded, JournalKind.Checkpoint, fingerprint, recordedArguments) is { } difference)
                throw _fault = difference;
            if (recorded.OriginalCallId is null)
                _recorded.Remove(recorded);
            Saw(recorded);
            var bytes = recorded.Value?.Inline
                ?? (recorded.Value is null ? null : _options.ControlPlane.Artifacts.ReadAllAsync(recorded.Value, StopToken).GetAwaiter().GetResult());
            return new Completion(recorded, bytes).Value<T>();
        }

        if (_options.Draining())
        {
            HandOver();
            RefuseTheBody();
            throw new OperationCanceledException("The execution is handed over to another worker.", StopToken);
        }
        var call = new LiveCall<T>(this, definition, key, fingerprint, recordedArguments, parents, userToken, token => Task.FromResult(body(token)))
        {
            ReplacesReused = replaces,
            CacheKey = cacheKey,
        };
        Track(call);
        Volatile.Write(ref _inSynchronousCall, true);
        try
        {
            return Saw<T>(OffContext(() => RunAndCommitAsync(call)));
        }
        catch (Exception exception) when (exception is not CheckpointFailedException)
        {
            // Without a committed outcome the body must not go on: the execution continues elsewhere from its journal.
            GiveUp(exception);
            RefuseTheBody();
            throw new OperationCanceledException("The execution left this worker.", exception, StopToken);
        }
        finally
        {
            // The body's own time starts anew: what the checkpoint took is not the body's.
            Volatile.Write(ref _turnStartedAt, Time.GetTimestamp());
            Volatile.Write(ref _inSynchronousCall, false);
            LiveCallEnded(call);
        }
    }

    /// <summary>
    /// The run ends when this turn does. Until then a body that catches the cancellation could make further calls, which would be recorded
    /// without the one that was not: they are refused from now on.
    /// </summary>
    private void RefuseTheBody()
    {
        Volatile.Write(ref _lost, true);
        CancelStopToken();
    }

    private T Saw<T>(Completion completion)
    {
        Saw(completion.Entry);
        return completion.Value<T>();
    }

    private async Task<Completion> RunAndCommitAsync<T>(LiveCall<T> call)
    {
        var outcome = await call.RunAttemptsAsync().ConfigureAwait(false)
            ?? throw new KitaruLeaseLostException(Execution.Id);
        var (seq, committing) = BeginCommit(outcome.Entry, out var numbered);
        await committing.ConfigureAwait(false);
        _committed.Add(seq, null);
        return new Completion(numbered, outcome.Value);
    }

    /// <summary>Blocks the body's thread, as its synchronous caller asks, without handing continuations to the body's context.</summary>
    private static TResult OffContext<TResult>(Func<Task<TResult>> work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return work().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private KitaruDivergenceException? Check(JournalEntry recorded, JournalKind kind, byte[]? fingerprint, StoredValue? arguments)
    {
        if (recorded.Kind != kind)
            return Divergence.OtherKind(Execution, recorded, kind);
        if (IsSame(recorded, fingerprint))
            return null;
        if (!MayReuseAllTheSame(recorded))
            return Divergence.OtherArguments(Execution, recorded, arguments);
        _log.Add("WARNING", $"'{recorded.Key}' was reused as the replay's plan says, though its arguments differ: {Divergence.Sides(recorded, arguments)}.", recorded.Key, null);
        return null;
    }

    private static bool IsSame(JournalEntry recorded, byte[]? fingerprint) =>
        recorded.Fingerprint is not { } before || fingerprint is null || before.AsSpan().SequenceEqual(fingerprint);

    /// <summary>A value the caller gave stands for itself; with other inputs, what lies before the start is to be reused.</summary>
    private bool MayReuseAllTheSame(JournalEntry recorded) =>
        recorded.OriginalCallId is not null && _replay is { } replay && (replay.InputsDiffer || replay.IsOverridden(recorded.Key));

    /// <summary>
    /// A call that was to be reused is made with other arguments, because something new has reached the body: then it runs, as a
    /// consequence of that. Returns whether it does.
    /// </summary>
    private bool DropMisfit(string key, byte[] fingerprint, StoredValue? arguments)
    {
        if (_replay is null or { IsStrict: true } || _recorded.Find(key) is not { OriginalCallId: not null, Kind: JournalKind.Checkpoint } recorded
            || IsSame(recorded, fingerprint) || MayReuseAllTheSame(recorded))
        {
            return false;
        }
        return DropReused(key, $"its arguments differ, {Divergence.Sides(recorded, arguments)}");
    }

    private void CheckBodyThread(string what)
    {
        if (!_context.IsCurrentThread)
        {
            throw new KitaruContextException(
                $"The {what} was called off the flow's own thread, so its order could not be repeated.",
                "Call it from the flow body itself: without Task.Run, Parallel or ConfigureAwait(false) before it.");
        }
    }

    private LiveCall Track(LiveCall call)
    {
        lock (_liveGate)
            _live.Add(call);
        return call;
    }

    /// <summary>Ends when no checkpoint body of this run is left on any thread.</summary>
    public Task CallsEnded
    {
        get
        {
            lock (_liveGate)
            {
                return _live.Count == 0
                    ? Task.CompletedTask
                    : (_callsEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    public void LiveCallEnded(LiveCall call)
    {
        lock (_liveGate)
        {
            if (_live.Remove(call) && _live.Count == 0)
                _callsEnded?.TrySetResult();
        }
    }

    private LiveCall[] LiveCalls()
    {
        lock (_liveGate)
            return [.. _live];
    }

    /// <summary>Calls that have been working for at least <paramref name="age"/>, for observers and for the next owner.</summary>
    public IReadOnlyList<RunningCall> RunningFor(TimeSpan age)
    {
        var before = Now - age;
        return [.. LiveCalls().Select(call => call.Attempt).OfType<RunningCall>().Where(attempt => attempt.StartedAt <= before)];
    }

    public IReadOnlyList<AttemptRecord> EarlierAttempts(string key) =>
        [.. _claim.Attempts.Where(attempt => attempt.Key == key).OrderBy(attempt => attempt.Attempt)];

    public Task AppendAttemptAsync(AttemptRecord attempt) => Journal.AppendAttemptAsync(
        Lease, Mask is { } mask ? attempt with { Metadata = mask.Apply(attempt.Metadata) } : attempt, CancellationToken.None);

    public Task<StoredValue> StoreAsync(StoredValue value) =>
        value.SizeBytes <= StoredValue.InlineBytesMax
            ? Task.FromResult(value)
            : _options.ControlPlane.Artifacts.StoreAsync(value, CancellationToken.None);

    /// <summary>Sends the lines of an attempt on their way before its outcome is committed.</summary>
    public void FlushLines(CheckpointFrame frame)
    {
        ScopedConsole.EndLines(frame);
        _ = _log.FlushAsync();
    }
}
