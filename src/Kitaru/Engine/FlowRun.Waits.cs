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

    /// <param name="Due">When it ends.</param>
    /// <param name="Parents">What it followed on.</param>
    /// <param name="ReplacesReused">A replay had taken over another sleep in its place.</param>
    private sealed record OpenSleep(DateTimeOffset Due, IReadOnlyList<string> Parents, bool ReplacesReused);

    public Task<T> WaitAsync<T>(string? name, string? question, JsonObject? schema, TimeSpan timeout, JsonObject? metadata)
    {
        CheckBodyThread("wait");
        if (HasStopped)
            return Refused<T>();
        var key = _names.Next(name is null ? $"wait_condition:{_unnamedWaits++}" : _bodyMask?.Apply(name) ?? name);
        if (Mask is { } mask)
            (question, schema, metadata) = (question is null ? null : mask.Apply(question), mask.Apply(schema), mask.Apply(metadata));
        var parents = _lineage.Parents();
        var pending = new PendingCall<T>(key, JournalKind.Wait);
        _pending.Add(key, pending);
        var replaces = DropOtherQuestion(key, question, schema);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Wait, null, null);
        else if (!replaces && _claim.Waits.FirstOrDefault(wait => wait.Name == key) is { } known)
            WaitIsKnown(known, timeout, parents);
        else
            _ = OpenWaitAsync(new NewWait(key, question, schema, metadata, Now) { ReplacesReused = replaces }, timeout, parents);
        return pending.Task;
    }

    public Task SleepUntilAsync(DateTimeOffset due)
    {
        CheckBodyThread("sleep");
        if (HasStopped)
            return Refused<NoValue>();
        var key = _names.Next("sleep");
        var parents = _lineage.Parents();
        var pending = new PendingCall<NoValue>(key, JournalKind.Sleep);
        _pending.Add(key, pending);
        var replaces = DropOtherSleep(key, due);
        if (_recorded.Find(key) is { } recorded)
            _fault ??= Check(recorded, JournalKind.Sleep, null, null);
        else
            _sleeps[key] = new OpenSleep(due, parents, replaces);
        return pending.Task;
    }

    /// <summary>An answer that a replay took over holds for the question it was given to; another question is asked anew.</summary>
    private bool DropOtherQuestion(string key, string? question, JsonObject? schema)
    {
        if (_replay is null || _recorded.Find(key) is not { OriginalCallId: not null, Kind: JournalKind.Wait })
            return false;
        var asked = _claim.Waits.FirstOrDefault(wait => wait.Name == key);
        return (asked is null || asked.Question != question || !JsonNode.DeepEquals(asked.Schema, schema)) && DropReused(key, "its question differs");
    }

    /// <summary>A sleep that a replay took over has the length it had; another one is slept.</summary>
    private bool DropOtherSleep(string key, DateTimeOffset due) =>
        _replay is { IsStrict: false } && _recorded.Find(key) is { OriginalCallId: not null, Kind: JournalKind.Sleep } slept
        && Math.Abs((slept.EndedAt - due).Ticks) >= TimeSpan.TicksPerMillisecond && DropReused(key, "it ends at another time");

    private bool DropReused(string key, string why)
    {
        _replay!.Run(key);
        _recorded.Drop(key);
        _log.Add("INFO", $"'{key}' runs again, though the replay's plan would reuse it: {why}.", null, null);
        return true;
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
            _telemetry.Waited(wait);
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
                ReplacesReused = sleep.ReplacesReused,
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
