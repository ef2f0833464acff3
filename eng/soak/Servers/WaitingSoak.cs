using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>Measures what a fleet costs that has nothing to do, and what it costs once very many executions wait: processes, and processor time of servers, workers and database. Then some are answered.</summary>
internal sealed class WaitingSoak(int executions, TimeSpan watched)
{
    private const int Starters = 16;
    private const int Answered = 20;
    private const int Warming = 300;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    /// <summary>What was just done has an echo: methods are compiled once more, connections are given up, the database writes back.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

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
            // Programs that have just started compile for a while what they use.
            await StartAsync(client, fleet, Warming, ExecutionStatus.Completed);
            var idle = await WatchAsync(fleet, "nothing waits");
            var startedAt = TimeProvider.System.GetTimestamp();
            await StartAsync(client, fleet, executions, ExecutionStatus.Waiting);
            Console.WriteLine($"{executions} executions waited and no worker was left {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s after the first was started");
            var waiting = await WatchAsync(fleet, $"{executions} wait");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"they add             {(waiting.All.Seconds - idle.All.Seconds) * 100:0.00} % of one processor, {WorkersOf(fleet)} worker processes"));
            isGood = WorkersOf(fleet) == 0 && await AnswerAsync(client);
        }
        Directory.Delete(_root, recursive: true);
        return isGood;
    }

    /// <summary>Returns when all of them have come where they are meant to, and the worker processes have ended.</summary>
    private async Task StartAsync(KitaruClient client, Fleet fleet, int many, ExecutionStatus until)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, many), new ParallelOptions { MaxDegreeOfParallelism = Starters }, async (number, cancellationToken) =>
        {
            var inputs = new JsonObject { ["ledger"] = Path.Combine(_root, $"ledger{until}{number}.txt"), ["steps"] = 1, ["asks"] = until == ExecutionStatus.Waiting };
            await client.Deployments.InvokeAsync("mark_steps", tag: "default", inputs: inputs, cancellationToken: cancellationToken);
        });
        await World.WaitAsync(() => CountAsync(client, until).GetAwaiter().GetResult() == many, $"not all executions are {until}", Longest);
        await World.WaitAsync(() => WorkersOf(fleet) == 0, "worker processes did not end", Longest);
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

    private async Task<IdleCost> WatchAsync(Fleet fleet, string when)
    {
        await Task.Delay(Settling, TimeProvider.System);
        var cost = await IdleCost.WatchAsync(fleet, watched);
        Console.WriteLine($"{when,-20} {watched.TotalSeconds:0} s, of one processor: {cost}");
        return cost;
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

    private static async Task<long> CountAsync(KitaruClient client, ExecutionStatus status) =>
        (await client.Executions.ListAsync(new ExecutionQuery { Statuses = [status], Limit = 1 })).Total;

    private static int WorkersOf(Fleet fleet) => fleet.Workers.Sum(worker => Machine.ChildrenOf(worker.ProcessId).Count);
}
