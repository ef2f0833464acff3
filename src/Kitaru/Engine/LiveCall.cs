using Kitaru.Core;
using Kitaru.Runtime;

namespace Kitaru.Engine;

/// <summary>A checkpoint call that has no record yet and is executed for real, with its attempts, on the thread pool.</summary>
internal abstract class LiveCall(FlowRun run, CheckpointDefinition definition, string key) : IThreadPoolWorkItem
{
    protected FlowRun Run { get; } = run;

    protected CheckpointDefinition Definition { get; } = definition;

    public string Key { get; } = key;

    public string Name => Definition.Name;

    /// <summary>Its outcome takes the place of a record that a replay had taken over.</summary>
    public bool ReplacesReused { get; init; }

    /// <summary>Under what a result of another execution may take this call's place, and this one's that of others; null for neither.</summary>
    public byte[]? CacheKey { get; init; }

    /// <summary>When the next attempt begins, while the call rests between two; null while it works.</summary>
    public DateTimeOffset? RestsUntil { get; protected set; }

    /// <summary>The attempt that runs now, for observers; null while it rests.</summary>
    public RunningCall? Attempt { get; protected set; }

    public abstract void Execute();
}

/// <inheritdoc/>
internal sealed class LiveCall<T>(
    FlowRun run, CheckpointDefinition definition, string key, byte[] fingerprint, StoredValue? arguments, IReadOnlyList<string> parents,
    CancellationToken userToken, Func<CancellationToken, Task<T>> body) : LiveCall(run, definition, key)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    // When the body made the call, so that calls list in the order they were made.
    private DateTimeOffset _startedAt = run.Now;

    /// <summary>Starts on the present thread; the body's first synchronous part runs here.</summary>
    public override void Execute()
    {
        if (_context is null)
            _ = RunToJournalAsync();
        else
            ExecutionContext.Run(_context, static state => _ = ((LiveCall<T>)state!).RunToJournalAsync(), this);
    }

    private async Task RunToJournalAsync()
    {
        try
        {
            if (await RunAttemptsAsync().ConfigureAwait(false) is { } outcome)
                await Run.CommitAsync(this, outcome.Entry, outcome.Value).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Run.GiveUp(exception);
        }
        finally
        {
            Run.LiveCallEnded(this);
        }
    }

    /// <summary>The outcome after all attempts, not yet committed; null when the run stopped meanwhile.</summary>
    public async Task<(JournalEntry Entry, object? Value)?> RunAttemptsAsync()
    {
        var earlier = Run.EarlierAttempts(Key);
        var attempt = (earlier.Count == 0 ? 0 : earlier[^1].Attempt) + 1;
        // A whole-flow retry keeps the attempts of the calls it forgot, always one more than the retries: they start afresh.
        var failures = earlier.Count(record => !record.Interrupted) % (Definition.Retries + 1);
        if (earlier.Count > 0)
            _startedAt = earlier[0].StartedAt;
        if (CacheKey is not null && Run.MayTakeFromCache && await Run.FindCachedAsync(CacheKey).ConfigureAwait(false) is { } cached
            && await TryTakeAsync(cached, attempt).ConfigureAwait(false) is { } taken)
        {
            return taken;
        }
        if (failures > 0 && !earlier[^1].Interrupted)
            await RestAsync(earlier[^1].EndedAt + Backoff(failures)).ConfigureAwait(false);

        while (!Run.HasStopped && await Run.StillHoldsAsync().ConfigureAwait(false))
        {
            var startedAt = Run.Now;
            Attempt = new RunningCall(Key, Name, Definition.Type, attempt, startedAt);
            using var activity = Run.Telemetry.BeginAttempt(Key, Name, Definition.Type, attempt);
            var (outcome, failure, frame) = await RunAttemptAsync(attempt).ConfigureAwait(false);
            Attempt = null;
            RunTelemetry.EndAttempt(activity, Name, Run.Now - startedAt, failure);
            if (Run.HasStopped)
                return null;
            if (outcome is not null)
                return outcome;
            var (metadata, artifacts) = frame.End();
            if (failure!.Origin != FailureOrigin.UserCode || failures >= Definition.Retries)
            {
                return (NewEntry(attempt, JournalStatus.Failed) with
                {
                    Failure = failure,
                    Metadata = metadata,
                    Artifacts = artifacts,
                }, null);
            }
            failures++;
            var endedAt = Run.Now;
            await Run.AppendAttemptAsync(new AttemptRecord(Key, Name, attempt, Interrupted: false, startedAt, endedAt, failure, metadata))
                .ConfigureAwait(false);
            attempt++;
            await RestAsync(endedAt + Backoff(failures)).ConfigureAwait(false);
        }
        return null;
    }

    /// <summary>Null when the value cannot be read any more: then it is computed.</summary>
    private async Task<(JournalEntry Entry, object? Value)?> TryTakeAsync(CachedResult cached, int attempt)
    {
        try
        {
            return await TakeAsync(cached, attempt).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Run.Log.Add("WARNING", $"The cached result of call {cached.CallId} cannot be used for '{Key}': {exception.Message}", Key, null, source: "runner");
            return null;
        }
    }

    /// <summary>The outcome is another call's, as if this one had computed it.</summary>
    private async Task<(JournalEntry Entry, object? Value)> TakeAsync(CachedResult cached, int attempt)
    {
        object? value = default(NoValue);
        if (typeof(T) != typeof(NoValue))
        {
            var bytes = cached.Value is { Inline: null } large
                ? await Run.ControlPlane.Artifacts.ReadAllAsync(large, Run.StopToken).ConfigureAwait(false)
                : cached.Value?.Inline;
            value = ValueCodec.Decode<T>(cached.Value, bytes);
        }
        Run.Log.Add("INFO", $"'{Key}' took its result from the cache: call {cached.CallId} of execution {cached.ExecutionId}.", Key, null, source: "runner");
        var entry = NewEntry(attempt, JournalStatus.Completed) with
        {
            Value = cached.Value,
            Metadata = cached.Metadata,
            Artifacts = [.. cached.Artifacts.Select(artifact => artifact with { Id = new ArtifactId(Guid.CreateVersion7(Run.Now)) })],
            CachedCallId = cached.CallId,
        };
        return (entry, value);
    }

    private async Task<((JournalEntry Entry, object? Value)? Outcome, Failure? Failure, CheckpointFrame Frame)> RunAttemptAsync(int attempt)
    {
        // Most calls have neither a limit nor a token of their own: the run's token serves them as it is.
        using var limit = Definition.TimeoutSeconds > 0 || userToken.CanBeCanceled && userToken != Run.StopToken
            ? CancellationTokenSource.CreateLinkedTokenSource(Run.StopToken, userToken)
            : null;
        var token = limit?.Token ?? Run.StopToken;
        var frame = new CheckpointFrame(Run, Key, token);
        FlowScope.Enter(frame);
        T value;
        try
        {
            var task = body(token);
            value = Definition.TimeoutSeconds > 0 && !task.IsCompleted
                ? await task.WaitAsync(TimeSpan.FromSeconds(Definition.TimeoutSeconds), Run.Time, Run.StopToken).ConfigureAwait(false)
                : await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var failure = Failures.From(exception, mask: Run.Mask);
            if (exception is TimeoutException && Definition.TimeoutSeconds > 0)
            {
                Cancel(limit!);
                failure = failure with { Message = FormattableString.Invariant($"checkpoint '{Key}' took longer than its limit of {Definition.TimeoutSeconds} s") };
            }
            return (null, failure, frame);
        }
        finally
        {
            Run.FlushLines(frame);
        }

        StoredValue? stored = null;
        object? readBack = null;
        if (typeof(T) != typeof(NoValue))
        {
            try
            {
                var encoded = Run.Encode(value, typeof(T), $"The result of checkpoint '{Key}'", Key);
                // The body gets what a later run will get, so that both see the same thing.
                readBack = ValueCodec.Decode<T>(encoded, encoded.Inline);
                stored = encoded;
            }
            catch (Exception exception)
            {
                return (null, Failures.Runtime(
                    $"The result of checkpoint '{Key}' ({typeof(T)}) cannot be recorded: {exception.Message} "
                    + "Return something System.Text.Json can write and read back: a record, a list, a string, bytes.", exception, Run.Mask), frame);
            }
            stored = await Run.StoreAsync(stored).ConfigureAwait(false);
        }
        else
        {
            readBack = default(NoValue);
        }
        var (metadata, artifacts) = frame.End();
        var entry = NewEntry(attempt, JournalStatus.Completed) with { Value = stored, Metadata = metadata, Artifacts = artifacts };
        return ((entry, readBack), null, frame);
    }

    /// <summary>On this thread: another one would be out of a simulation's reach.</summary>
    private void Cancel(CancellationTokenSource limit)
    {
        try
        {
            limit.Cancel();
        }
        catch (AggregateException exception)
        {
            Run.Log.Add("ERROR", $"A callback on the cancellation token threw: {exception.InnerException}", null, null, source: "runner");
        }
    }

    private JournalEntry NewEntry(int attempt, JournalStatus status) => new()
    {
        Seq = 0,
        Kind = JournalKind.Checkpoint,
        Key = Key,
        Name = Name,
        Status = status,
        Type = Definition.Type,
        Fingerprint = fingerprint,
        Arguments = arguments,
        Parents = parents,
        StartedAt = _startedAt,
        EndedAt = Run.Now,
        Attempt = attempt,
        ReplacesReused = ReplacesReused,
        CacheKey = status == JournalStatus.Completed ? CacheKey : null,
    };

    private TimeSpan Backoff(int failures)
    {
        var seconds = Definition.BackoffSeconds * Math.Pow(Definition.BackoffFactor, Math.Max(0, failures - 1));
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Math.Max(0, Definition.MaxBackoffSeconds)));
    }

    private async Task RestAsync(DateTimeOffset until)
    {
        var rest = until - Run.Now;
        if (rest <= TimeSpan.Zero)
            return;
        RestsUntil = until;
        Run.Wake();
        try
        {
            await Task.Delay(rest, Run.Time, Run.StopToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run stopped; the caller's loop sees it.
        }
        RestsUntil = null;
    }
}
