using Kitaru.Engine;
using Kitaru.Testing;

namespace Kitaru.SimulationTests.World;

/// <summary>
/// All that one process of the simulation has to do: it can be held, as a paused process is, and it can die, and then nothing of it is
/// ever done.
/// </summary>
internal sealed class Lane : WorkQueue
{
    private readonly List<Action> _ready = [];

    public Lane(string name, ManualClock clock)
    {
        Name = name;
        Clock = new LaneClock(this, clock);
    }

    public string Name { get; }

    /// <summary>The clock as this process sees it: its timers die with it.</summary>
    public TimeProvider Clock { get; }

    public bool IsDead { get; private set; }

    public bool IsHeld { get; set; }

    public int Ready => IsDead || IsHeld ? 0 : _ready.Count;

    public override void Enqueue(IThreadPoolWorkItem work) => Post(work.Execute);

    public void Post(Action work)
    {
        if (!IsDead)
            _ready.Add(work);
    }

    public Action Take(int index)
    {
        var work = _ready[index];
        _ready.RemoveAt(index);
        return work;
    }

    /// <summary>Ends at some later step of this lane.</summary>
    public Task SomeTime()
    {
        var source = new TaskCompletionSource();
        Post(source.SetResult);
        return source.Task;
    }

    public Task Delay(TimeSpan by, CancellationToken cancellationToken = default) => Task.Delay(by, Clock, cancellationToken);

    public void Die()
    {
        IsDead = true;
        _ready.Clear();
    }

    private sealed class LaneClock(Lane lane, ManualClock clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(_ => lane.Post(() => callback(state)), null, dueTime, period);
    }
}
