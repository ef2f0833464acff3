using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <content>Waits and sleeps of the body.</content>
internal sealed partial class FlowRun
{
    private readonly Dictionary<string, OpenWait> _openWaits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _sleeps = new(StringComparer.Ordinal);
    private int _unnamedWaits;
    private int _opening;

    /// <summary>A wait nobody has answered.</summary>
    /// <param name="StayUntil">How long this worker stays with it.</param>
    private sealed record OpenWait(DateTimeOffset StayUntil);

    public Task<T> WaitAsync<T>(string? name, string? question, JsonObject? schema, TimeSpan timeout, JsonObject? metadata)
    {
        CheckBodyThread("wait");
        if (_stopped)
            return Refused<T>();
        var key = _names.Next(name ?? $"wait_condition:{_unnamedWaits++}");
        var pending = new PendingCall<T>(key, JournalKind.Wait);
        _pending.Add(key, pending);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Wait, null, null);
        else if (_claim.Waits.FirstOrDefault(wait => wait.Name == key) is { } known)
            WaitIsKnown(known, timeout);
        else
            _ = OpenWaitAsync(new NewWait(key, question, schema, metadata, Now), timeout);
        return pending.Task;
    }

    public Task SleepUntilAsync(DateTimeOffset due)
    {
        CheckBodyThread("sleep");
        if (_stopped)
            return Refused<NoValue>();
        var key = _names.Next("sleep");
        var pending = new PendingCall<NoValue>(key, JournalKind.Sleep);
        _pending.Add(key, pending);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Sleep, null, null);
        else
            _sleeps[key] = due;
        return pending.Task;
    }

    private async Task OpenWaitAsync(NewWait wait, TimeSpan timeout)
    {
        _opening++;
        try
        {
            await _log.FlushAsync().ConfigureAwait(false);
            var record = await Journal.OpenWaitAsync(Lease, wait, CancellationToken.None).ConfigureAwait(false);
            Post(() =>
            {
                _opening--;
                WaitIsKnown(record, timeout);
            });
        }
        catch (Exception exception)
        {
            GiveUp(exception);
        }
    }

    private void WaitIsKnown(WaitRecord record, TimeSpan timeout)
    {
        if (record.Status == WaitStatus.Pending)
            _openWaits[record.Name] = new OpenWait(Now + timeout);
        else
            _ = CommitWaitAsync(record);
    }

    /// <summary>What the store says of this lease.</summary>
    public void OnSignal(LeaseSignal signal)
    {
        if (signal.Lost)
        {
            // At once, not in turn: a synchronous checkpoint keeps the pump's thread and must hear of it too.
            Volatile.Write(ref _lost, true);
            CancelStopToken();
        }
        Post(() => Obey(signal));
    }

    private void Obey(LeaseSignal signal)
    {
        if (_stopped)
            return;
        if (signal.Lost)
        {
            Stop(RunEnd.Lost);
            return;
        }
        foreach (var wait in signal.Resolved)
        {
            if (_openWaits.Remove(wait.Name))
                _ = CommitWaitAsync(wait);
        }
    }

    private async Task CommitWaitAsync(WaitRecord wait)
    {
        _opening++;
        try
        {
            var entry = new JournalEntry
            {
                Seq = 0,
                Kind = JournalKind.Wait,
                Key = wait.Name,
                Name = wait.Name,
                Status = wait.Status == WaitStatus.Aborted ? JournalStatus.Aborted : JournalStatus.Completed,
                Value = wait.Answer,
                Metadata = new JsonObject { ["resolved_by"] = wait.ResolvedBy },
                StartedAt = wait.EnteredAt,
                EndedAt = wait.ResolvedAt ?? Now,
            };
            var bytes = wait.Answer is null
                ? null
                : await _options.ControlPlane.Artifacts.ReadAllAsync(wait.Answer, StopToken).ConfigureAwait(false);
            var (seq, committing) = BeginCommit(entry, out var numbered);
            await committing.ConfigureAwait(false);
            Post(() =>
            {
                _opening--;
                _committed.Add(seq, new Completion(numbered, bytes));
            });
        }
        catch (Exception exception)
        {
            GiveUp(exception);
        }
    }

    private async Task CommitSleepAsync(string key, DateTimeOffset due)
    {
        _opening++;
        try
        {
            var entry = new JournalEntry
            {
                Seq = 0,
                Kind = JournalKind.Sleep,
                Key = key,
                Name = "sleep",
                Status = JournalStatus.Completed,
                StartedAt = due,
                EndedAt = due,
            };
            var (seq, committing) = BeginCommit(entry, out var numbered);
            await committing.ConfigureAwait(false);
            Post(() =>
            {
                _opening--;
                _committed.Add(seq, new Completion(numbered, default(NoValue)));
            });
        }
        catch (Exception exception)
        {
            GiveUp(exception);
        }
    }
}
