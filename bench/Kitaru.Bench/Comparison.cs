namespace Kitaru.Bench;

/// <summary>A kind of flow that the engine and the floor run.</summary>
internal sealed record Shape(string Name, int Steps, int AtOnce, string Value, Func<KitaruClient, Task> Flow)
{
    public static readonly Shape[] All =
    [
        new("10 steps of 300 B, one at a time", 10, 1, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("10 steps of 300 B, 32 at once", 10, 32, Values.Small, async client => await (await client.RunAsync(() => BenchFlows.TenSteps(1))).WaitAsync()),
        new("400 steps of 4 kB, one at a time", 400, 1, Values.Large, async client => await (await client.RunAsync(() => BenchFlows.ManySteps(400))).WaitAsync()),
    ];
}

/// <summary>The engine beside a floor of the same database, interleaved in the same run.</summary>
internal sealed class Comparison(KitaruClient client, Func<int, string, Task> runFloor, TimeSpan slice)
{
    private readonly Dictionary<Shape, (List<Measure.Slice> Engine, List<Measure.Slice> Floor)> _figures = Shape.All.ToDictionary(shape => shape, _ => (new List<Measure.Slice>(), new List<Measure.Slice>()));

    public async Task RunAsync(int rounds)
    {
        foreach (var shape in Shape.All)
        {
            // Long enough for the runtime to have compiled again what runs most.
            await EngineAsync(shape, slice * 2);
            await FloorAsync(shape, slice * 2);
        }
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (shape, (engine, floor)) in _figures)
            {
                floor.Add(await FloorAsync(shape, slice));
                engine.Add(await EngineAsync(shape, slice));
            }
        }
    }

    public void PrintTable(string floorName)
    {
        Console.WriteLine();
        Console.WriteLine($"| steps per second, durable (median of {_figures[Shape.All[0]].Engine.Count}) | engine | {floorName} | ratio | processor per step: engine, floor |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (shape, (engine, bare)) in _figures)
        {
            var ratio = Measure.Median(engine.Zip(bare, (mine, least) => mine.StepsPerSecond / least.StepsPerSecond));
            Console.WriteLine(FormattableString.Invariant(
                $"| {shape.Name} | {Rate(engine):N0} | {Rate(bare):N0} | {ratio * 100:0} % | {Processor(engine):0} µs, {Processor(bare):0} µs |"));
        }
    }

    /// <summary>What a step of the long flow costs beside one of the short one.</summary>
    public void PrintGrowth()
    {
        var (many, few) = (_figures[Shape.All[2]], _figures[Shape.All[0]]);
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"A step of the 400-step flow costs {Cost(few.Engine, many.Engine):0.00} times one of the 10-step flow, with 13 times the bytes (floor: {Cost(few.Floor, many.Floor):0.00})."));
    }

    private Task<Measure.Slice> EngineAsync(Shape shape, TimeSpan time) => Measure.StepsAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, time);

    private Task<Measure.Slice> FloorAsync(Shape shape, TimeSpan time) => Measure.StepsAsync(() => runFloor(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, time);

    private static double Cost(List<Measure.Slice> few, List<Measure.Slice> many) => Measure.Median(many.Zip(few, (slow, fast) => fast.StepsPerSecond / slow.StepsPerSecond));

    private static double Rate(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.StepsPerSecond));

    private static double Processor(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.ProcessorMicroseconds));
}
