using Kitaru.Engine;

namespace Kitaru.UnitTests.Engine;

/// <summary>Runs everything on the calling thread, in an order that follows from a seed alone.</summary>
internal sealed class SeededScheduler(int seed) : WorkQueue
{
    private readonly Random _random = new(seed);
    private readonly List<Action> _ready = [];

    public bool IsEmpty => _ready.Count == 0;

    public int Next(int max) => _random.Next(max);

    public override void Enqueue(IThreadPoolWorkItem work) => _ready.Add(work.Execute);

    /// <summary>A task that ends at some later step.</summary>
    public Task SomeTime()
    {
        var source = new TaskCompletionSource();
        _ready.Add(source.SetResult);
        return source.Task;
    }

    /// <summary>Runs one ready thing, chosen by chance.</summary>
    public void Step()
    {
        var index = _random.Next(_ready.Count);
        var work = _ready[index];
        _ready.RemoveAt(index);
        Plainly(work);
    }

    /// <summary>Without the test runner's context, which would send continuations to other threads, out of the seed's reach.</summary>
    public static void Plainly(Action work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>What a crash does: everything not yet done is gone.</summary>
    public void Crash() => _ready.Clear();
}
