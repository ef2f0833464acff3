namespace Kitaru.SimulationTests.Models;

/// <summary>
/// The life of one execution as a few plain rules, without SQL: what the store is measured against. Every method says whether the call is
/// accepted, and changes nothing when it is not.
/// </summary>
internal sealed class NaiveExecution
{
    private const int StallsMax = 5;

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private DateTimeOffset _leaseUntil;
    private int _stalls;
    private int _stalledAt;
    private object? _endedUnder;

    public ExecutionStatus Status { get; private set; } = ExecutionStatus.Queued;

    /// <summary>Who holds it; a token of its own for each claim.</summary>
    public object? Holder { get; private set; }

    public DateTimeOffset? RunnableAt { get; set; }

    /// <summary>Keys of the journal, in order.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>Waits by name: null is pending.</summary>
    public Dictionary<string, (string? Answer, bool Seen)> Waits { get; } = [];

    public bool HasEnded => Status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled;

    public bool Asks => Waits.Values.Any(wait => wait.Answer is null);

    public object? Claim(DateTimeOffset now)
    {
        if (!(RunnableAt <= now))
            return null;
        (RunnableAt, _leaseUntil, Status) = (null, now + Lease, Asks ? ExecutionStatus.Waiting : ExecutionStatus.Running);
        return Holder = new object();
    }

    public bool IsHeldBy(object? holder) => holder is not null && holder == Holder;

    public void Renew(object? holder, DateTimeOffset now) => _leaseUntil = IsHeldBy(holder) ? now + Lease : _leaseUntil;

    public bool Append(object? holder, string key)
    {
        if (IsHeldBy(holder))
            Journal.Add(key);
        return IsHeldBy(holder);
    }

    public bool Ask(object? holder, string name)
    {
        if (!IsHeldBy(holder))
            return false;
        if (Waits.TryAdd(name, default))
            Status = ExecutionStatus.Waiting;
        return true;
    }

    /// <summary>Null when there is no such wait; the same answer again is accepted.</summary>
    public bool Answer(string name, string answer, DateTimeOffset now)
    {
        if (!Waits.TryGetValue(name, out var wait))
            return false;
        if (wait.Answer is not null)
            return wait.Answer == answer;
        Waits[name] = (answer, false);
        if (Status == ExecutionStatus.Waiting)
        {
            RunnableAt = Holder is null ? now : null;
            Status = Asks ? ExecutionStatus.Waiting : Holder is null ? ExecutionStatus.Queued : ExecutionStatus.Running;
        }
        return true;
    }

    /// <summary>The holder records that the flow has seen the answer.</summary>
    public bool See(object? holder, string name)
    {
        if (!Append(holder, name))
            return false;
        Waits[name] = (Waits[name].Answer, true);
        return true;
    }

    public bool Release(object? holder, ExecutionStatus wish, DateTimeOffset? at, DateTimeOffset now)
    {
        if (!IsHeldBy(holder))
            return false;
        Holder = null;
        var unseen = Waits.Values.Any(wait => wait.Answer is not null && !wait.Seen);
        var goesOnAt = unseen || (wish == ExecutionStatus.Queued && at is null) || (wish == ExecutionStatus.Waiting && !Asks) ? now : at;
        RunnableAt = goesOnAt;
        Status = Asks ? ExecutionStatus.Waiting : wish == ExecutionStatus.Sleeping && goesOnAt > now ? ExecutionStatus.Sleeping : ExecutionStatus.Queued;
        return true;
    }

    /// <summary>Of the last holder the same again is accepted: its first answer may have been lost.</summary>
    public bool Finish(object? holder, ExecutionStatus end) =>
        (IsHeldBy(holder) && End(end, holder)) || (holder is not null && holder == _endedUnder && Status == end);

    /// <summary>A cancelled one stays cancelled.</summary>
    public bool Cancel() => Status == ExecutionStatus.Cancelled || (!HasEnded && End(ExecutionStatus.Cancelled, Holder));

    public bool Retry(DateTimeOffset now)
    {
        if (Status != ExecutionStatus.Failed)
            return false;
        foreach (var closed in Waits.Where(wait => wait.Value.Answer == "closed").Select(wait => wait.Key).ToArray())
            Waits.Remove(closed);
        (Status, RunnableAt, _stalls, _stalledAt, _endedUnder) = (ExecutionStatus.Queued, now, 0, 0, null);
        return true;
    }

    public bool Resume(DateTimeOffset now)
    {
        if (HasEnded || Status == ExecutionStatus.Waiting)
            return false;
        if (Status == ExecutionStatus.Queued && RunnableAt > now)
            RunnableAt = now;
        return true;
    }

    public void Reap(DateTimeOffset now)
    {
        if (Holder is null || _leaseUntil >= now)
            return;
        var holder = Holder;
        Holder = null;
        if (Status != ExecutionStatus.Waiting)
        {
            (_stalls, _stalledAt) = (Journal.Count == _stalledAt ? _stalls + 1 : 1, Journal.Count);
            if (_stalls >= StallsMax && End(ExecutionStatus.Failed, holder))
                return;
        }
        (RunnableAt, Status) = (now, Asks ? ExecutionStatus.Waiting : ExecutionStatus.Queued);
    }

    private bool End(ExecutionStatus end, object? under)
    {
        (Status, Holder, RunnableAt, _endedUnder) = (end, null, null, under);
        foreach (var open in Waits.Where(wait => wait.Value.Answer is null).Select(wait => wait.Key).ToArray())
            Waits[open] = ("closed", true);
        return true;
    }
}
