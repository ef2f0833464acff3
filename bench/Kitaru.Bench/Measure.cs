using System.Diagnostics;

namespace Kitaru.Bench;

/// <summary>Runs, medians and how they are printed.</summary>
internal static class Measure
{
    /// <summary>One slice of a measurement.</summary>
    /// <param name="StepsPerSecond">Durable steps.</param>
    /// <param name="ProcessorMicroseconds">Processor time a step took, which a busy machine hardly changes.</param>
    public sealed record Slice(double StepsPerSecond, double ProcessorMicroseconds);

    /// <summary>Runs flows, so many at once, for about a time.</summary>
    public static async Task<Slice> StepsAsync(Func<Task> flow, int stepsPerFlow, int atOnce, TimeSpan about)
    {
        using var process = Process.GetCurrentProcess();
        var processorBefore = process.TotalProcessorTime;
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
        var elapsed = clock.Elapsed;
        process.Refresh();
        double steps = flows * stepsPerFlow;
        return new Slice(steps / elapsed.TotalSeconds, (process.TotalProcessorTime - processorBefore).TotalMicroseconds / steps);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
