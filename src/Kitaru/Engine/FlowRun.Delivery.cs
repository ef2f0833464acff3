using Kitaru.Core;

namespace Kitaru.Engine;

/// <content>The order in which completions reach the body.</content>
internal sealed partial class FlowRun
{
    private readonly Lock _seqGate = new();
    private readonly Dictionary<long, Completion?> _committed = [];
    private readonly Dictionary<long, byte[]> _loaded = [];
    private long _lastSeq;
    private long _nextDelivery;
    private bool _loading;
    private string? _lastSeen;

    /// <summary>The next completion the body must see, or null when it is not there yet.</summary>
    private (PendingCall Call, Completion Completion)? NextCompletion()
    {
        if (_replay?.MustBePending is { } must && !_pending.ContainsKey(must))
        {
            _fault = Divergence.NotAskedFor(Execution, _replay.First!, _pending.Values);
            return null;
        }
        if ((_replay?.Next(_pending.ContainsKey) ?? NextRecorded()) is { } entry)
        {
            if (!_pending.ContainsKey(entry.Key))
            {
                _fault = Divergence.NotAskedFor(Execution, entry, _pending.Values);
                return null;
            }
            if (!TryGetBytes(entry, out var bytes))
                return null;
            if (entry.OriginalCallId is null)
                _recorded.Remove(entry);
            _loaded.Remove(entry.Seq);
            return (Take(entry), new Completion(entry, bytes));
        }

        while (!_options.MustReenter() && _committed.Remove(_nextDelivery, out var completion))
        {
            _nextDelivery++;
            // Null: a synchronous call, which the body saw when it returned.
            if (completion is not null)
                return (Take(completion.Entry), completion);
        }
        return null;
    }

    private JournalEntry? NextRecorded() => _mayAskForLess
        ? _recorded.Undelivered.FirstOrDefault(entry => _pending.ContainsKey(entry.Key))
        : _recorded.First;

    private PendingCall Take(JournalEntry entry)
    {
        _pending.Remove(entry.Key, out var call);
        Saw(entry);
        return call!;
    }

    private void Saw(JournalEntry entry)
    {
        _lineage.Delivered(entry.Key);
        _replay?.Saw(entry);
        if (entry.Kind == JournalKind.Checkpoint)
            _lastSeen = entry.Key;
        if (entry.Status == JournalStatus.Failed)
            _failed.Add(entry.Key);
        // As the store keeps it, in whole microseconds: a later run must read the same clock.
        var endedAt = entry.EndedAt.AddTicks(-(entry.EndedAt.Ticks % TimeSpan.TicksPerMicrosecond));
        if (endedAt > _clock)
            _clock = endedAt;
    }

    private bool TryGetBytes(JournalEntry entry, out byte[]? bytes)
    {
        bytes = entry.Value?.Inline;
        if (entry.Value is null || bytes is not null || _loaded.TryGetValue(entry.Seq, out bytes))
            return true;
        if (!_loading)
        {
            _loading = true;
            _ = LoadAsync(entry);
        }
        return false;
    }

    private async Task LoadAsync(JournalEntry entry)
    {
        try
        {
            var bytes = await _options.ControlPlane.Artifacts.ReadAllAsync(entry.Value!, StopToken).ConfigureAwait(false);
            Post(() =>
            {
                _loaded[entry.Seq] = bytes;
                _loading = false;
            });
        }
        catch (KitaruNotFoundException exception)
        {
            Post(() => _fault ??= exception);
        }
        catch (Exception exception)
        {
            GiveUp(exception);
        }
    }

    /// <summary>Commits an outcome and, once it is durable, queues it for the body.</summary>
    public async Task CommitAsync(LiveCall call, JournalEntry entry, object? value)
    {
        var (seq, committing) = BeginCommit(entry, out var numbered);
        // Already done means that the store answered on this thread: then the pump gets a thread of its own.
        var mayRunHere = !committing.IsCompleted;
        await committing.ConfigureAwait(false);
        Post(() =>
        {
            // Together: a call is live until its outcome can be delivered, and not a moment longer, or the run would stay because of it.
            LiveCallEnded(call);
            _committed.Add(seq, new Completion(numbered, value));
        }, mayRunHere);
    }

    private (long Seq, Task Committing) BeginCommit(JournalEntry entry, out JournalEntry numbered)
    {
        lock (_seqGate)
        {
            var seq = ++_lastSeq;
            numbered = Masked(entry) with { Seq = seq, ExecutionMetadata = TakeChangedMetadata() };
            return (seq, _telemetry.ObserveCommit(Journal.AppendAsync(Lease, numbered, CancellationToken.None), numbered));
        }
    }

    /// <summary>An error of the store: the execution is given up here. Any other would come again every time, so it is the execution's end.</summary>
    public void GiveUp(Exception exception)
    {
        if (exception is KitaruBackendException or OperationCanceledException)
            Abandon(exception);
        else
            Post(() => _fault ??= exception);
    }

    /// <summary>Gives the execution up: its true state is in the store, and whoever claims it next goes on from there.</summary>
    public void Abandon(Exception exception)
    {
        if (HasStopped)
            return;
        Post(() =>
        {
            if (!_stopped)
                Stop(exception is KitaruLeaseLostException ? RunEnd.Lost : RunEnd.Released, exception);
        });
    }
}
