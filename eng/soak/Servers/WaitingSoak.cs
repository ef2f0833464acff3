using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>Lets very many executions wait on a fleet, and measures what that costs: processes, and processor time of servers, workers and database. Then some are answered.</summary>
internal sealed class WaitingSoak(int executions, TimeSpan watched)
{
    private const int Starters = 16;
    private const int Answered = 20;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-soak-").FullName;

    public async Task<bool> RunAsync()
    {
        if (Fleet.Start(_root, out var missing) is not { } fleet)
        {
            Console.WriteLine($"skipped: {missing}");
            return true;
        }
        bool isGood;
        using (fleet)
        {
            await using var client = KitaruClient.Connect(new KitaruClientOptions
            {
                ConfigPath = Path.Combine(_root, "client"),
                ServerUrl = fleet.Urls[0],
                AuthToken = fleet.Secret,
                Project = "default",
            });
            await DeployAsync(client);
            var startedAt = TimeProvider.System.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, executions), new ParallelOptions { MaxDegreeOfParallelism = Starters }, async (number, cancellationToken) =>
                await client.Deployments.InvokeAsync(
                    "mark_steps", tag: "default", inputs: new JsonObject { ["ledger"] = Path.Combine(_root, $"ledger{number}.txt"), ["steps"] = 1, ["asks"] = true },
                    cancellationToken: cancellationToken));
            await World.WaitAsync(() => CountAsync(client).GetAwaiter().GetResult() == executions, "not all executions wait", Longest);
            Console.WriteLine($"{executions} executions wait, {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s after the first was started");
            await World.WaitAsync(() => WorkersOf(fleet) == 0, "worker processes did not end", Longest);
            isGood = await WatchAsync(fleet) && await AnswerAsync(client);
        }
        Directory.Delete(_root, recursive: true);
        return isGood;
    }

    private async Task DeployAsync(KitaruClient client)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await client.Deployments.DeployTargetAsync(ServerSoak.WriteFlow(_root) + ":mark_steps");
                return;
            }
            catch (KitaruBackendException) when (TimeProvider.System.GetElapsedTime(startedAt) < World.ProgressMax)
            {
                // It still starts.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private async Task<bool> WatchAsync(Fleet fleet)
    {
        var (servers, workers, database) = (Processor(fleet.Servers), Processor(fleet.Workers), DatabaseProcessor(fleet));
        await Task.Delay(watched, TimeProvider.System);
        (servers, workers, database) = (Share(Processor(fleet.Servers) - servers), Share(Processor(fleet.Workers) - workers), Share(DatabaseProcessor(fleet) - database));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            watched for          {watched.TotalSeconds:0} s: {WorkersOf(fleet)} worker processes
            of one processor     2 servers {servers:0.00} %, 4 idle worker programs {workers:0.00} %, database {database:0.00} %
            """));
        return WorkersOf(fleet) == 0;

        double Share(double seconds) => seconds / watched.TotalSeconds * 100;
    }

    private static async Task<bool> AnswerAsync(KitaruClient client)
    {
        var waiting = await client.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Waiting], Limit = Answered });
        var startedAt = TimeProvider.System.GetTimestamp();
        foreach (var execution in waiting.Items)
            await client.Executions.InputAsync(execution.Id, "go_on", true);
        foreach (var execution in waiting.Items)
        {
            var ended = await client.Executions.WaitForStopAsync(execution.Id, World.ProgressMax);
            if (ended.Status != ExecutionStatus.Completed)
            {
                await Console.Error.WriteLineAsync($"{execution.Id} is {ended.Status} after its answer");
                return false;
            }
        }
        Console.WriteLine($"{waiting.Items.Count} of them answered, and completed after {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0.0} s");
        return true;
    }

    private static async Task<long> CountAsync(KitaruClient client) =>
        (await client.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Waiting], Limit = 1 })).Total;

    private static int WorkersOf(Fleet fleet) => fleet.Workers.Sum(worker => Machine.ChildrenOf(worker.ProcessId).Count);

    private static double Processor(IEnumerable<Machine> machines) => machines.Sum(machine => ProcessorOf(machine.ProcessId));

    private static double DatabaseProcessor(Fleet fleet) => fleet.DatabaseProcesses.Sum(ProcessorOf);

    private static double ProcessorOf(int process)
    {
        try
        {
            return Process.GetProcessById(process).TotalProcessorTime.TotalSeconds;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has just ended.
            return 0;
        }
    }
}
