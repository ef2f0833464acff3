using Kitaru.Testing;

namespace Kitaru.SimulationTests.World;

/// <summary>Runs the lanes on the calling thread, one thing at a time, in an order that follows from a seed alone.</summary>
internal sealed class Scheduler(Random chance)
{
    /// <summary>Now and then time passes although there is something to do.</summary>
    private const int TimePassesInPercent = 2;

    private readonly List<Lane> _lanes = [];
    private ulong _trace = 14695981039346656037;

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(chance.Next(10_000)));

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Steps so far: the order of everything that happens.</summary>
    public long Steps { get; private set; }

    /// <summary>Stands for everything that happened: two runs with the same one were the same.</summary>
    public ulong Trace => _trace;

    public Lane NewLane(string name)
    {
        var lane = new Lane(name, Clock);
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>Does one thing; false when there is nothing left that could ever happen.</summary>
    public bool Step()
    {
        Steps++;
        _lanes.RemoveAll(lane => lane.IsDead);
        var ready = 0;
        foreach (var lane in _lanes)
            ready += lane.Ready;
        if (ready == 0 || chance.Next(100) < TimePassesInPercent)
            return LetTimePass(ready > 0) || ready > 0;
        var index = chance.Next(ready);
        foreach (var lane in _lanes)
        {
            if (index >= lane.Ready)
            {
                index -= lane.Ready;
                continue;
            }
            Note((ulong)(lane.Name.Length * 31 + lane.Name[^1]) * 1000 + (ulong)index);
            lane.Take(index)();
            break;
        }
        return true;
    }

    /// <summary>Adds something to the trace.</summary>
    public void Note(ulong value) => _trace = (_trace ^ value) * 1099511628211;

    private bool LetTimePass(bool aLittle)
    {
        if (Clock.NextDue is not { } due)
            return false;
        var soon = Now + TimeSpan.FromTicks(chance.Next((int)TimeSpan.FromMilliseconds(30).Ticks));
        Clock.AdvanceTo(aLittle && due > soon ? soon : due);
        Note((ulong)Now.UtcTicks);
        return true;
    }
}
