using System.Globalization;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <content>What the run does while the body has nothing to run: stay, or let go of the execution.</content>
internal sealed partial class FlowRun
{
    /// <summary>A sleep or backoff this close is worth staying for.</summary>
    private static readonly TimeSpan StayForSleep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private ITimer? _restTimer;

    private void RestOrLetGo()
    {
        var now = Now;
        foreach (var (key, sleep) in _sleeps.Where(sleep => sleep.Value.Due <= now).OrderBy(sleep => sleep.Value.Due).ToArray())
        {
            _sleeps.Remove(key);
            _ = CommitSleepAsync(key, sleep);
        }

        var live = LiveCalls();
        // A call leaves the live ones only after it has posted its outcome: what is not live any more may be in the inbox.
        if (HasMessages())
            return;
        var letGo = _options.LetGo();
        var working = live.Any(call => call.RestsUntil is not { } until || until - now <= StayForSleep && !letGo);
        if (working || _opening > 0 || _loading || _startable.Count > 0)
        {
            ArmTimer(now, _sleeps.Values.Select(sleep => sleep.Due));
            return;
        }
        var dues = _sleeps.Values.Select(sleep => sleep.Due).Concat(live.Select(call => call.RestsUntil).OfType<DateTimeOffset>()).ToArray();
        if (_openWaits.Count == 0 && dues.Length == 0)
        {
            _fault = new KitaruContextException(
                $"The body of flow '{Execution.FlowName}' awaits something that is not recorded: no checkpoint, wait or sleep of it is pending.",
                "Put the awaited work into a [Checkpoint] method.");
            Fail(_fault);
            return;
        }

        DateTimeOffset? nextDue = dues.Length == 0 ? null : dues.Min();
        var stayUntil = _openWaits.Values.Select(wait => wait.StayUntil)
            .Append(nextDue <= now + StayForSleep ? nextDue!.Value : DateTimeOffset.MinValue)
            .Max();
        if (!letGo && stayUntil > now)
        {
            Volatile.Write(ref _resting, true);
            _options.Rested();
            ArmTimer(now, nextDue is { } due ? [stayUntil, due] : [stayUntil]);
            return;
        }
        LetGo(nextDue);
    }

    private void ArmTimer(DateTimeOffset now, IEnumerable<DateTimeOffset> moments)
    {
        var next = moments.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (next == DateTimeOffset.MaxValue)
            return;
        var delay = next - now;
        delay = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestTimer ? LongestTimer : delay;
        _restTimer ??= Time.CreateTimer(static run => ((FlowRun)run!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // A millisecond more: timers may fire early by less than that.
        _restTimer.Change(delay + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void LetGo(DateTimeOffset? runnableAt)
    {
        var release = _openWaits.Count > 0
            ? new Release(ExecutionStatus.Waiting, WaitingFor(), runnableAt)
            : new Release(ExecutionStatus.Sleeping, SleepingUntil(runnableAt!.Value), runnableAt);
        BeginRelease(release with { Waits = [.. _openWaits.Keys] });
    }

    private string WaitingFor() => "waiting for input on: " + string.Join(", ", _openWaits.Keys.Order(StringComparer.Ordinal));

    private static string SleepingUntil(DateTimeOffset due) =>
        "sleeping until " + due.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
}
