using System.Diagnostics;

namespace Kitaru.Bench;

/// <summary>Runs, medians and how they are printed.</summary>
internal static class Measure
{
    /// <summary>Runs flows, so many at once, for about a time, and returns steps per second.</summary>
    public static async Task<double> StepsPerSecondAsync(Func<Task> flow, int stepsPerFlow, int atOnce, TimeSpan about)
    {
        var clock = Stopwatch.StartNew();
        var flows = 0;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < about)
            {
                await flow();
                Interlocked.Increment(ref flows);
            }
        })));
        return flows * stepsPerFlow / clock.Elapsed.TotalSeconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
