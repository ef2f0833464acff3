using Kitaru.Core.Configuration;

namespace Kitaru.Bench;

/// <summary>The engine beside the hand-written floor, interleaved in the same run.</summary>
internal static class EngineBenchmark
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1.5);

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
            await Measure.StepsPerSecondAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, Slice / 2);
            await Measure.StepsPerSecondAsync(() => floor.RunFlowAsync(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, Slice / 2);
        }

        var figures = Shapes.ToDictionary(shape => shape, _ => (Engine: new List<double>(), Floor: new List<double>()));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var shape in Shapes)
            {
                figures[shape].Floor.Add(await Measure.StepsPerSecondAsync(() => floor.RunFlowAsync(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, Slice));
                figures[shape].Engine.Add(await Measure.StepsPerSecondAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, Slice));
            }
        }

        Console.WriteLine();
        Console.WriteLine($"| steps per second, durable (median of {rounds}) | engine | SQLite floor | ratio |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (shape, (engine, floorFigures)) in figures)
        {
            var ratio = Measure.Median(engine.Zip(floorFigures, (mine, bare) => mine / bare));
            Console.WriteLine(FormattableString.Invariant($"| {shape.Name} | {Measure.Median(engine):N0} | {Measure.Median(floorFigures):N0} | {ratio:P0} |"));
        }
        var perStep = figures.Values.Select(figure => 1 / Measure.Median(figure.Engine)).ToArray();
        var perFloorStep = figures.Values.Select(figure => 1 / Measure.Median(figure.Floor)).ToArray();
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"Cost per step of the 400-step flow: {perStep[2] / perStep[0]:0.00} times that of the 10-step flow (floor: {perFloorStep[2] / perFloorStep[0]:0.00})."));
    }
}
