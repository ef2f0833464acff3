using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;

namespace Kitaru.Bench;

/// <summary>How long a deployed flow takes, from the call of kitaru_deployments_invoke to its answer "completed", once a worker is warm.</summary>
internal static class InvokeBenchmark
{
    private const int Invocations = 200;

    /// <summary>As somebody who reads the answer first: the store is at rest when the next call comes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private const string Source =
        """
        using Kitaru;

        public static class Trivial
        {
            [Flow]
            public static async Task<string> Greet(string name) => await Greeting(name);

            [Checkpoint]
            internal static Task<string> Greeting(string name) => Task.FromResult($"hello {name}");
        }
        """;

    public static async Task RunAsync(string server, string folder)
    {
        var target = Path.Combine(Directory.CreateDirectory(folder).FullName, "Trivial.cs");
        await File.WriteAllTextAsync(target, Source);
        await using var client = await McpBenchmark.ConnectAsync(server, Path.Combine(folder, "config"));
        await CallAsync(client, "kitaru_deployments_deploy", new() { ["target"] = $"{target}:greet" });
        var first = await InvokeAsync(client);
        var second = await InvokeAsync(client);
        var rested = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            rested.Add(await InvokeAsync(client));
        }
        var inARow = new List<double>();
        for (var i = 0; i < Invocations; i++)
            inARow.Add(await InvokeAsync(client));
        inARow.Sort();
        Console.WriteLine();
        Console.WriteLine("| kitaru_deployments_invoke of a flow of one step, from call to completed, over stdio | ms |");
        Console.WriteLine("|---|---|");
        Console.WriteLine(FormattableString.Invariant($"| first, which starts the worker | {first:0} |"));
        Console.WriteLine(FormattableString.Invariant($"| second | {second:0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"| after a rest of {Pause.TotalSeconds:0} s (median of {rested.Count}; longest) | {Measure.Median(rested):0.0}; {rested.Max():0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"| {Invocations} one after another: p50; p99 | {inARow[Invocations / 2]:0.0}; {inARow[Invocations * 99 / 100]:0.0} |"));
    }

    private static async Task<double> InvokeAsync(McpClient client)
    {
        var clock = Stopwatch.StartNew();
        var answer = await CallAsync(client, "kitaru_deployments_invoke", new() { ["flow"] = "greet", ["inputs"] = new { name = "tea" }, ["wait_seconds"] = 50 });
        var elapsed = clock.Elapsed.TotalMilliseconds;
        var status = answer.GetProperty("execution").GetProperty("status").GetString();
        return status == "completed" ? elapsed : throw new InvalidOperationException($"the execution is {status}");
    }

    private static async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments);
        return result.IsError is true ? throw new InvalidOperationException($"{tool}: {result.StructuredContent}") : result.StructuredContent!.Value;
    }
}
