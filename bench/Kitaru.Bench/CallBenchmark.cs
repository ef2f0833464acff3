using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Bench;

/// <summary>
/// Read tools of kitaru-mcp over stdio, eight calls in flight, beside bare servers of the SDK that answer the same data from memory; interleaved in the same run.
/// </summary>
internal static class CallBenchmark
{
    private const int Executions = 10_000;
    private const int Asked = 500;
    private const int AtOnce = 64;
    private const int InFlight = 8;
    private const int WarmingCalls = 20_000;

    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(1.5);

    /// <param name="server">kitaru-mcp.</param>
    /// <param name="folder">For the store and the results.</param>
    /// <param name="rounds">How often each is measured.</param>
    /// <param name="only">The one tool to measure, or null for all.</param>
    public static async Task RunAsync(string server, string folder, int rounds, string? only)
    {
        var store = Path.Combine(folder, "store");
        var ids = await FillAsync(store);
        await using var kitaru = await RawMcpClient.StartAsync(store, server);
        Console.WriteLine(FormattableString.Invariant(
            $"| read tool, {InFlight} in flight, {Executions:N0} executions (median of {rounds}) | bytes | bare SDK, finished result: calls/s, p50, p99 ms | bare SDK, object: calls/s, p50, p99 ms | kitaru-mcp: calls/s, p50, p99 ms | rate of object | p99 of object | rate, p99 of finished | processor per call: finished, object, kitaru |"));
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, arguments) in Tools(ids).Where(tool => only is null || tool.Name == only))
        {
            var result = await kitaru.CallAsync(name, (JsonObject)arguments[0].DeepClone());
            var file = Path.Combine(folder, name + ".json");
            await File.WriteAllTextAsync(file, result.ToJsonString());
            await using var constant = await RawMcpClient.StartAsync(folder, typeof(CallBenchmark).Assembly.Location, BareServer.Mode, BareServer.Constant, file, name);
            await using var bare = await RawMcpClient.StartAsync(folder, typeof(CallBenchmark).Assembly.Location, BareServer.Mode, BareServer.OwnWay, file, name);
            byte[][] calls = [.. arguments.Select(one => RawMcpClient.Call(name, one))];
            var (floor, own, ours) = (new List<Slice>(), new List<Slice>(), new List<Slice>());
            // The code is compiled more than once, the last time when it has been seen to run often.
            foreach (var client in (RawMcpClient[])[constant, bare, kitaru])
                await client.LoadAsync(calls, InFlight, TimeSpan.MaxValue, WarmingCalls);
            for (var round = 0; round < rounds; round++)
            {
                floor.Add(await MeasureAsync(constant, calls));
                own.Add(await MeasureAsync(bare, calls));
                ours.Add(await MeasureAsync(kitaru, calls));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {new FileInfo(file).Length:N0} | {Print(floor)} | {Print(own)} | {Print(ours)} | {Of(own, ours, slice => slice.Rate) * 100:0} % | {Of(own, ours, slice => slice.P99):0.00} | {Of(floor, ours, slice => slice.Rate) * 100:0} %, {Of(floor, ours, slice => slice.P99):0.00} | {Median(floor, slice => slice.Processor):0} µs, {Median(own, slice => slice.Processor):0} µs, {Median(ours, slice => slice.Processor):0} µs |"));
        }
    }

    private static IEnumerable<(string Name, JsonObject[] Arguments)> Tools(IReadOnlyList<(string Execution, string Artifact)> ids)
    {
        yield return ("kitaru_executions_get", [.. ids.Select(id => new JsonObject { ["exec_id"] = id.Execution })]);
        yield return ("kitaru_executions_list", [new JsonObject { ["limit"] = 10 }]);
        yield return ("kitaru_executions_latest", [[]]);
        yield return ("kitaru_status", [[]]);
        yield return ("get_execution_logs", [.. ids.Select(id => new JsonObject { ["exec_id"] = id.Execution })]);
        yield return ("kitaru_artifacts_get", [.. ids.Select(id => new JsonObject { ["artifact_id"] = id.Artifact })]);
    }

    /// <summary>Executions that the engine itself has run, so that there is of everything what there is.</summary>
    private static async Task<IReadOnlyList<(string, string)>> FillAsync(string store)
    {
        await using var client = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = store });
        var left = Executions - (int)(await client.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Total;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
                await (await client.RunAsync(() => BenchFlows.FiveSteps(number))).WaitAsync();
        })));
        var ids = new List<(string, string)>();
        foreach (var execution in (await client.Executions.ListAsync(new ExecutionQuery { Limit = Asked })).Items)
            ids.Add((execution.Id.ToString(), (await client.Executions.GetAsync(execution.Id)).Artifacts[0].Id.ToString()));
        return ids;
    }

    private static async Task<Slice> MeasureAsync(RawMcpClient client, IReadOnlyList<byte[]> calls)
    {
        var before = client.ProcessorTime;
        var start = TimeProvider.System.GetTimestamp();
        var taken = await client.LoadAsync(calls, InFlight, SliceTime);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        taken.Sort();
        return new Slice(taken.Count / seconds, taken[taken.Count / 2], taken[taken.Count * 99 / 100], (client.ProcessorTime - before).TotalMicroseconds / taken.Count);
    }

    private static double Of(IEnumerable<Slice> least, IEnumerable<Slice> mine, Func<Slice, double> figure) =>
        Measure.Median(mine.Zip(least, (one, other) => figure(one) / figure(other)));

    private static double Median(IEnumerable<Slice> slices, Func<Slice, double> figure) => Measure.Median(slices.Select(figure));

    private static string Print(IReadOnlyList<Slice> slices) => string.Create(CultureInfo.InvariantCulture,
        $"{Median(slices, slice => slice.Rate):N0}, {Median(slices, slice => slice.P50):0.00}, {Median(slices, slice => slice.P99):0.00}");

    /// <param name="Rate">Calls in a second.</param>
    /// <param name="P50">Milliseconds.</param>
    /// <param name="P99">Milliseconds.</param>
    /// <param name="Processor">Microseconds of the server's processor time for a call.</param>
    private sealed record Slice(double Rate, double P50, double P99, double Processor);
}
