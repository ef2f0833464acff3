using System.Diagnostics;
using System.Globalization;

namespace Kitaru.Soak;

/// <summary>What a fleet uses in one second while nothing is asked of it, per kind of process.</summary>
internal sealed record IdleCost(Use Servers, Use Workers, Use Database)
{
    public static async Task<IdleCost> WatchAsync(Fleet fleet, TimeSpan time)
    {
        var before = Look(fleet);
        var startedAt = TimeProvider.System.GetTimestamp();
        await Task.Delay(time, TimeProvider.System);
        var (after, seconds) = (Look(fleet), TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds);
        return new IdleCost(
            Use.Between(before.Servers, after.Servers, seconds), Use.Between(before.Workers, after.Workers, seconds), Use.Between(before.Database, after.Database, seconds));
    }

    public Use All => Servers + Workers + Database;

    public override string ToString() => $"2 servers {Servers}, 4 idle worker programs {Workers}, database {Database}; together {All}";

    private static (Usage Servers, Usage Workers, Usage Database) Look(Fleet fleet) => (
        Usage.Of(fleet.Servers.Select(server => server.ProcessId)), Usage.Of(fleet.Workers.Select(worker => worker.ProcessId)), Usage.Of(fleet.DatabaseProcesses));
}

/// <summary>In one second: seconds of processor time, and wake-ups of threads.</summary>
internal readonly record struct Use(double Seconds, double Wakes)
{
    /// <summary>What those use that were there before and after, and those that have come.</summary>
    public static Use Between(Usage before, Usage after, double seconds) => new(
        after.Processes.Sum(process => process.Value - before.Processes.GetValueOrDefault(process.Key)) / seconds,
        after.Threads.Sum(thread => thread.Value - before.Threads.GetValueOrDefault(thread.Key)) / seconds);

    public static Use operator +(Use one, Use other) => new(one.Seconds + other.Seconds, one.Wakes + other.Wakes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds * 100:0.00} % ({Wakes:0} wake-ups/s)");
}

/// <summary>What some processes have used so far.</summary>
/// <param name="Processes">Their processor time in seconds, by number; threads that have ended are in it.</param>
/// <param name="Threads">How often each thread waited and was woken.</param>
internal sealed record Usage(IReadOnlyDictionary<int, double> Processes, IReadOnlyDictionary<string, long> Threads)
{
    private const string WakesLine = "voluntary_ctxt_switches:";

    public static Usage Of(IEnumerable<int> processes)
    {
        var (times, threads) = (new Dictionary<int, double>(), new Dictionary<string, long>());
        foreach (var id in processes)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                times[id] = process.TotalProcessorTime.TotalSeconds;
                foreach (var thread in Directory.EnumerateDirectories($"/proc/{id}/task"))
                    threads[thread] = WakesOf(thread);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException)
            {
                // It, or a thread of it, has just ended.
            }
        }
        return new Usage(times, threads);
    }

    private static long WakesOf(string thread) => long.Parse(
        File.ReadLines(Path.Combine(thread, "status")).First(line => line.StartsWith(WakesLine, StringComparison.Ordinal))[WakesLine.Length..], CultureInfo.InvariantCulture);
}
