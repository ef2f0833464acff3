using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Bench;

namespace Kitaru.Soak;

/// <summary>Very many calls of read tools, eight in flight, to one kitaru-mcp: its memory must stay what it was after the first tenth.</summary>
internal sealed class CallSoak(int calls)
{
    private const int Executions = 8;
    private const int InFlight = 8;

    /// <summary>What the collector may keep beside what is needed, in MiB.</summary>
    private const double SlackMiB = 24;

    public async Task<bool> RunAsync()
    {
        await using var world = World.Create();
        var subjects = new List<Subject>();
        for (var i = 0; i < Executions; i++)
            subjects.Add(await world.StartAsync(steps: 10, seed: 1));
        await using var client = await RawMcpClient.StartAsync(world.Config, Watcher.Server);
        await World.WaitAsync(() => subjects.TrueForAll(subject => subject.IsThrough), "all executions are through");
        var requests = Requests(subjects);
        var (done, memory) = (0, new List<double>());
        Console.WriteLine("calls     resident MiB");
        foreach (var mark in (int[])[calls / 10, calls / 4, calls / 2, calls])
        {
            await client.LoadAsync(requests, InFlight, TimeSpan.MaxValue, mark - done);
            done = mark;
            memory.Add(ResidentMiB(client.ProcessId));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done,-9} {memory[^1]:0.0}"));
        }
        if (memory[^1] > memory[0] + SlackMiB)
            world.Problems.Add(FormattableString.Invariant($"kitaru-mcp grew from {memory[0]:0.0} to {memory[^1]:0.0} MiB"));
        return world.Conclude();
    }

    private static List<byte[]> Requests(List<Subject> subjects) =>
    [
        .. subjects.SelectMany(subject => (byte[][])
        [
            RawMcpClient.Call("kitaru_executions_get", new JsonObject { ["exec_id"] = subject.Id.ToString() }),
            RawMcpClient.Call("get_execution_logs", new JsonObject { ["exec_id"] = subject.Id.ToString() }),
            RawMcpClient.Call("kitaru_artifacts_list", new JsonObject { ["exec_id"] = subject.Id.ToString() }),
            RawMcpClient.Call("kitaru_artifacts_get", new JsonObject { ["artifact_id"] = subject.Id + ":inputs" }),
        ]),
        RawMcpClient.Call("kitaru_executions_list", new JsonObject { ["limit"] = 10 }),
        RawMcpClient.Call("kitaru_executions_latest", []),
        RawMcpClient.Call("kitaru_executions_statistics", []),
        RawMcpClient.Call("kitaru_status", []),
    ];

    private static double ResidentMiB(int processId) => double.Parse(
        File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
