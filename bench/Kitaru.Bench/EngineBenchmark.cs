using Kitaru.Core.Configuration;

namespace Kitaru.Bench;

/// <summary>The engine beside the hand-written floor, interleaved in the same run.</summary>
internal static class EngineBenchmark
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(1.5);

    private sealed record Shape(string Name, int Steps, int AtOnce, string Value, Func<KitaruClient, Task> Flow);

    private static readonly Shape[] Shapes =
    [
        new("10 steps of 300 B, one at a time", 10, 1, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("10 steps of 300 B, 32 at once", 10, 32, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("400 steps of 4 kB, one at a time", 400, 1, Values.Large, async client => await (await client.RunAsync(() => BenchFlows.ManySteps(400))).WaitAsync()),
    ];

    public static async Task RunAsync(string folder, int rounds)
    {
        var enginePath = Path.Combine(folder, "engine");
        var floorPath = Path.Combine(folder, "floor");
        await using (var schema = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = floorPath }))
            await schema.OpenAsync();

        await using var client = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = enginePath });
        using var floor = new Floor(new ConfigDirectory(floorPath).Database);
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
        Console.WriteLine($"| steps per second, durable (median of {rounds}) | engine | SQLite floor | ratio | processor per step: engine, floor |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (shape, (engine, bare)) in figures)
        {
            var ratio = Measure.Median(engine.Zip(bare, (mine, least) => mine.StepsPerSecond / least.StepsPerSecond));
            Console.WriteLine(FormattableString.Invariant(
                $"| {shape.Name} | {Rate(engine):N0} | {Rate(bare):N0} | {ratio * 100:0} % | {Processor(engine):0} µs, {Processor(bare):0} µs |"));
        }
        var cost = figures[Shapes[2]].Engine.Zip(figures[Shapes[0]].Engine, (many, few) => few.StepsPerSecond / many.StepsPerSecond);
        var bareCost = figures[Shapes[2]].Floor.Zip(figures[Shapes[0]].Floor, (many, few) => few.StepsPerSecond / many.StepsPerSecond);
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"A step of the 400-step flow costs {Measure.Median(cost):0.00} times one of the 10-step flow, with 13 times the bytes (floor: {Measure.Median(bareCost):0.00})."));
    }

    private static double Rate(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.StepsPerSecond));

    private static double Processor(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.ProcessorMicroseconds));
}
