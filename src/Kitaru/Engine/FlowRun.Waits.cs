using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <content>Waits and sleeps of the body.</content>
internal sealed partial class FlowRun
{
    private readonly Dictionary<string, OpenWait> _openWaits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenSleep> _sleeps = new(StringComparer.Ordinal);
    private int _unnamedWaits;
    private int _opening;

    /// <summary>A wait nobody has answered.</summary>
    /// <param name="StayUntil">How long this worker stays with it.</param>
    /// <param name="Parents">What it followed on.</param>
    private sealed record OpenWait(DateTimeOffset StayUntil, IReadOnlyList<string> Parents);

    private sealed record OpenSleep(DateTimeOffset Due, IReadOnlyList<string> Parents);

    public Task<T> WaitAsync<T>(string? name, string? question, JsonObject? schema, TimeSpan timeout, JsonObject? metadata)
    {
        CheckBodyThread("wait");
        if (_stopped)
            return Refused<T>();
        var key = _names.Next(name ?? $"wait_condition:{_unnamedWaits++}");
        var parents = _lineage.Parents();
        var pending = new PendingCall<T>(key, JournalKind.Wait);
        _pending.Add(key, pending);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Wait, null, null);
        else if (_claim.Waits.FirstOrDefault(wait => wait.Name == key) is { } known)
            WaitIsKnown(known, timeout, parents);
        else
            _ = OpenWaitAsync(new NewWait(key, question, schema, metadata, Now), timeout, parents);
        return pending.Task;
    }

    public Task SleepUntilAsync(DateTimeOffset due)
    {
        CheckBodyThread("sleep");
        if (_stopped)
            return Refused<NoValue>();
        var key = _names.Next("sleep");
        var parents = _lineage.Parents();
        var pending = new PendingCall<NoValue>(key, JournalKind.Sleep);
        _pending.Add(key, pending);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Sleep, null, null);
        else
            _sleeps[key] = new OpenSleep(due, parents);
        return pending.Task;
    }

    private async Task OpenWaitAsync(NewWait wait, TimeSpan timeout, IReadOnlyList<string> parents)
    {
        _opening++;
        try
        {
            await _log.FlushAsync().ConfigureAwait(false);
            var record = await Journal.OpenWaitAsync(Lease, wait, CancellationToken.None).ConfigureAwait(false);
            Post(() =>
            {
                _opening--;
                WaitIsKnown(record, timeout, parents);
            });
        }
        catch (Exception exception)
        {
            GiveUp(exception);
        }
    }

    private void WaitIsKnown(WaitRecord record, TimeSpan timeout, IReadOnlyList<string> parents)
    {
        if (record.Status == WaitStatus.Pending)
            _openWaits[record.Name] = new OpenWait(Now + timeout, parents);
        else
            _ = CommitWaitAsync(record, parents);
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
            if (_openWaits.Remove(wait.Name, out var open))
                _ = CommitWaitAsync(wait, open.Parents);
        }
    }

    private async Task CommitWaitAsync(WaitRecord wait, IReadOnlyList<string> parents)
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
                Parents = parents,
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

    private async Task CommitSleepAsync(string key, OpenSleep sleep)
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
                Parents = sleep.Parents,
                StartedAt = sleep.Due,
                EndedAt = sleep.Due,
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
