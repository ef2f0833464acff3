using System.Diagnostics;
using ModelContextProtocol.Client;

namespace Kitaru.Bench;

/// <summary>How long kitaru-mcp takes to answer initialize, and a read tool once it runs.</summary>
internal static class McpBenchmark
{
    private const int Starts = 10;
    private const int Calls = 2000;

    public static async Task RunAsync(string server, string folder)
    {
        var initialize = await InitializeAsync(server, folder);
        await using var warm = await ConnectAsync(server, folder);
        var calls = new List<double>();
        for (var i = 0; i < Calls; i++)
        {
            var clock = Stopwatch.StartNew();
            var result = await warm.CallToolAsync("kitaru_executions_list", new Dictionary<string, object?> { ["limit"] = 5 });
            if (result.IsError is true)
                throw new InvalidOperationException("the read tool failed");
            if (i >= Calls / 10)
                calls.Add(clock.Elapsed.TotalMilliseconds);
        }
        calls.Sort();
        Console.WriteLine();
        Console.WriteLine("| kitaru-mcp | ms |");
        Console.WriteLine("|---|---|");
        Console.WriteLine(FormattableString.Invariant($"| process start to the answer of initialize (median of {Starts}) | {initialize:0} |"));
        Console.WriteLine(FormattableString.Invariant($"| kitaru_executions_list, 5 rows, over stdio: p50 | {calls[calls.Count / 2]:0.00} |"));
        Console.WriteLine(FormattableString.Invariant($"| kitaru_executions_list, 5 rows, over stdio: p99 | {calls[calls.Count * 99 / 100]:0.00} |"));
    }

    /// <summary>From the start of the process to the answer of initialize, in ms: the median.</summary>
    public static async Task<double> InitializeAsync(string server, string folder)
    {
        var times = new List<double>();
        for (var i = 0; i <= Starts; i++)
        {
            var clock = Stopwatch.StartNew();
            await using var client = await ConnectAsync(server, folder);
            // The first start warms the disk's cache and is not counted.
            if (i > 0)
                times.Add(clock.Elapsed.TotalMilliseconds);
        }
        return Measure.Median(times);
    }

    public static Task<McpClient> ConnectAsync(string server, string folder) => McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
    {
        Name = "kitaru",
        Command = "dotnet",
        Arguments = [server],
        EnvironmentVariables = new Dictionary<string, string?> { [Kitaru.Core.Configuration.ConfigDirectory.Variable] = folder },
        ShutdownTimeout = TimeSpan.FromSeconds(1),
    }), new McpClientOptions { ProtocolVersion = "2025-06-18" });
}
