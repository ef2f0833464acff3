using System.Diagnostics;
using System.Runtime;

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
/// <param name="client">Whose flows run in this process, on the database itself.</param>
/// <param name="runFloor">Runs so many steps with a value.</param>
/// <param name="slice">How long each is measured at a time.</param>
/// <param name="remote">Whose flows run in this process as well, on a server; null for none.</param>
internal sealed class Comparison(KitaruClient client, Func<int, string, Task> runFloor, TimeSpan slice, KitaruClient? remote = null)
{
    private const int WarmUpsMax = 10;
    private const double CompilingMax = 0.02;

    private readonly Dictionary<Shape, (List<Measure.Slice> Engine, List<Measure.Slice> Floor)> _figures = Shape.All.ToDictionary(shape => shape, _ => (new List<Measure.Slice>(), new List<Measure.Slice>()));
    private readonly Dictionary<Shape, List<Measure.Slice>> _remote = Shape.All.ToDictionary(shape => shape, _ => new List<Measure.Slice>());

    public async Task RunAsync(int rounds)
    {
        for (var round = 0; round < WarmUpsMax && await WarmUpAsync() > CompilingMax; round++)
        {
        }
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (shape, (engine, floor)) in _figures)
            {
                floor.Add(await FloorAsync(shape, slice));
                engine.Add(await EngineAsync(client, shape, slice));
                if (remote is not null)
                    _remote[shape].Add(await EngineAsync(remote, shape, slice));
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
            Console.WriteLine(FormattableString.Invariant(
                $"| {shape.Name} | {Rate(engine):N0} | {Rate(bare):N0} | {Share(engine, bare) * 100:0} % | {Processor(engine):0} µs, {Processor(bare):0} µs |"));
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

    /// <summary>What the way over HTTP costs.</summary>
    public void PrintRemote()
    {
        Console.WriteLine();
        Console.WriteLine("| the same flows on a server, over HTTP | steps per second | of the engine in process | of the floor |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (shape, slices) in _remote)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"| {shape.Name} | {Rate(slices):N0} | {Share(slices, _figures[shape].Engine) * 100:0} % | {Share(slices, _figures[shape].Floor) * 100:0} % |"));
        }
    }

    /// <summary>Runs all of it for a while; the share of that time for which the runtime was compiling, which takes a processor from everything else.</summary>
    private async Task<double> WarmUpAsync()
    {
        var compiled = JitInfo.GetCompilationTime();
        var clock = Stopwatch.StartNew();
        foreach (var shape in Shape.All)
        {
            await FloorAsync(shape, slice);
            await EngineAsync(client, shape, slice);
            if (remote is not null)
                await EngineAsync(remote, shape, slice);
        }
        return (JitInfo.GetCompilationTime() - compiled) / clock.Elapsed;
    }

    private static Task<Measure.Slice> EngineAsync(KitaruClient client, Shape shape, TimeSpan time) => Measure.StepsAsync(() => shape.Flow(client), shape.Steps, shape.AtOnce, time);

    private Task<Measure.Slice> FloorAsync(Shape shape, TimeSpan time) => Measure.StepsAsync(() => runFloor(shape.Steps, shape.Value), shape.Steps, shape.AtOnce, time);

    private static double Cost(List<Measure.Slice> few, List<Measure.Slice> many) => Measure.Median(many.Zip(few, (slow, fast) => fast.StepsPerSecond / slow.StepsPerSecond));

    private static double Share(List<Measure.Slice> mine, List<Measure.Slice> others) =>
        Measure.Median(mine.Zip(others, (slice, other) => slice.StepsPerSecond / other.StepsPerSecond));

    private static double Rate(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.StepsPerSecond));

    private static double Processor(IEnumerable<Measure.Slice> slices) => Measure.Median(slices.Select(slice => slice.ProcessorMicroseconds));
}
