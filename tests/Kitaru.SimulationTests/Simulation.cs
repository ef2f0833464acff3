using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.SimulationTests.Oracles;
using Kitaru.SimulationTests.World;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests;

/// <summary>Runs histories, one seed each.</summary>
internal static class Simulation
{
    /// <summary>Tests that use all processors, one after the other.</summary>
    public const string Collection = "simulation";

    /// <summary>Runs one seed on this thread.</summary>
    /// <returns>What broke, or null; and what stands for everything that happened.</returns>
    public static (Exception? Violation, ulong Trace) RunOne(
        int seed, MemoryDatabase database, Func<SimWorld, Lane, StoreInterceptor?>? bug = null, Action<string>? story = null)
    {
        database.Clear();
        var world = new SimWorld(seed, database, story, bug ?? ((_, _) => null));
        Exception? violation = null;
        try
        {
            world.Run();
        }
        catch (Exception exception)
        {
            violation = exception;
        }
        world.Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (violation, world.Scheduler.Trace);
    }

    /// <summary>Runs seeds from <paramref name="first"/> on, a thread per processor, and returns the lowest that broke a promise.</summary>
    public static (int Seed, Exception Violation)? FindFirst(int first, int count, Func<SimWorld, Lane, StoreInterceptor?>? bug = null, bool stopsEarly = true, Action<string>? story = null)
    {
        var next = first - 1;
        var found = new SortedDictionary<int, Exception>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            using var database = new MemoryDatabase(TimeProvider.System);
            while (true)
            {
                var seed = Interlocked.Increment(ref next);
                if (seed >= first + count)
                    return;
                lock (found)
                {
                    if (found.Count > 0 && stopsEarly)
                        return;
                }
                if (RunOne(seed, database, bug, story).Violation is { } violation)
                {
                    lock (found)
                        found.TryAdd(seed, violation);
                }
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return found.Count == 0 ? null : (found.First().Key, found.First().Value);
    }
}
