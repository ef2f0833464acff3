using Kitaru.Postgres;
using Kitaru.PostgresForTests;

namespace Kitaru.Bench;

/// <summary>The engine in process on PostgreSQL beside the hand-written floor, interleaved in the same run, on a private server that flushes to the disk.</summary>
internal static class PostgresBenchmark
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(2);

    private sealed record Shape(string Name, int Steps, int AtOnce, string Value, Func<KitaruClient, Task> Flow);

    private static readonly Shape[] Shapes =
    [
        new("10 steps of 300 B, one at a time", 10, 1, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("10 steps of 300 B, 32 at once", 10, 32, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("400 steps of 4 kB, one at a time", 400, 1, Values.Large, async client => await (await client.RunAsync(() => BenchFlows.ManySteps(400))).WaitAsync()),
    ];

    public static async Task RunAsync(string folder, int rounds)
    {
        using var cluster = PostgresCluster.TryStart(durable: true, out var why);
        if (cluster is null)
        {
            Console.WriteLine($"skipped: {why}");
            return;
        }
        await using (await PostgresStore.OpenAsync(cluster.ConnectionString, "floor"))
        {
        }
        await using var store = await PostgresStore.OpenControlPlaneAsync(cluster.ConnectionString, "engine", TimeSpan.FromSeconds(10));
        await using var client = KitaruClient.Connect(new KitaruClientOptions
        {
            ConfigPath = folder,
            ServerUrl = "http://127.0.0.1:1",
            AuthToken = "kat_bench",
            OpenServer = (_, _, _) => Task.FromResult<Core.IControlPlane>(store),
        });
        await using var floor = new PostgresFloor(cluster.ConnectionString, "floor");
        foreach (var shape in Shapes)
        {
            await Measure.StepsAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, SliceTime / 2);
            await Measure.StepsAsync(() => floor.RunFlowAsync(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, SliceTime / 2);
        }
        var figures = Shapes.ToDictionary(shape => shape, _ => (Engine: new List<Measure.Slice>(), Floor: new List<Measure.Slice>()));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var shape in Shapes)
            {
                figures[shape].Floor.Add(await Measure.StepsAsync(() => floor.RunFlowAsync(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, SliceTime));
                figures[shape].Engine.Add(await Measure.StepsAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, SliceTime));
            }
        }
        Console.WriteLine();
        Console.WriteLine($"| steps per second, durable (median of {rounds}) | engine | PostgreSQL floor, one commit per step | ratio | processor per step: engine, floor |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (shape, (engine, bare)) in figures)
        {
            var ratio = Measure.Median(engine.Zip(bare, (mine, least) => mine.StepsPerSecond / least.StepsPerSecond));
            Console.WriteLine(FormattableString.Invariant(
                $"| {shape.Name} | {Rate(engine):N0} | {Rate(bare):N0} | {ratio * 100:0} % | {Processor(engine):0} µs, {Processor(bare):0} µs |"));
        }
    }

    private static double Rate(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.StepsPerSecond));

    private static double Processor(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.ProcessorMicroseconds));
}
