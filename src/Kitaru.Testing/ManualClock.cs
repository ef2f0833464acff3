namespace Kitaru.Testing;

/// <summary>
/// A clock that stands still until it is told to move. Timers fire on the thread that moves it, in the order they are due; timers of
/// one moment fire in the order they were set.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>A clock that shows the first of January 2026 in UTC.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that shows <paramref name="start"/>.</summary>
    public ManualClock(DateTimeOffset start) => _now = start;

    /// <summary>Raised when a timer was set, on the thread that set it; the timer is there already.</summary>
    internal event Action? TimerSet;

    /// <summary>When the next timer is due, or null when none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
                return _timers.Count == 0 ? null : Next().Due;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock and fires what becomes due on the way; each timer sees the moment it was due.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>Moves the clock to <paramref name="moment"/>; a moment that has passed changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        while (TakeDue(moment) is { } timer)
            timer.Fire();
    }

    /// <summary>Forgets all timers: what the death of a process does to them.</summary>
    public void DropTimers()
    {
        lock (_gate)
            _timers.Clear();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset moment)
    {
        lock (_gate)
        {
            if (_timers.Count == 0 || Next() is not { } next || next.Due > moment)
            {
                _now = moment > _now ? moment : _now;
                return null;
            }
            _now = next.Due > _now ? next.Due : _now;
            _timers.Remove(next);
            next.Repeat();
            return next;
        }
    }

    private ManualTimer Next()
    {
        var next = _timers[0];
        foreach (var timer in _timers)
        {
            if (timer.Due < next.Due)
                next = timer;
        }
        return next;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        /// <summary>Sets itself again when it is a periodic one; under the clock's lock.</summary>
        public void Repeat()
        {
            if (_period <= TimeSpan.Zero)
                return;
            Due += _period;
            clock._timers.Add(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
            }
            clock.TimerSet?.Invoke();
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
