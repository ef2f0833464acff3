using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Soak;

/// <summary>Moves a project with very many executions from an embedded store to a server on PostgreSQL, both ways interrupted once, and counts.</summary>
internal sealed class MoveSoak(int executions)
{
    private const int Starters = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-soak-").FullName;

    public async Task<bool> RunAsync()
    {
        if (Fleet.Start(_root, out var missing) is not { } fleet)
        {
            Console.WriteLine($"skipped: {missing}");
            return true;
        }
        using (fleet)
        {
            var folder = Path.Combine(_root, "archive");
            await using (var here = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Path.Combine(_root, "here") }))
            {
                await FillAsync(here);
                var exported = await TimedAsync("exported", progress => here.Transfers.ExportAsync(folder, progress: progress), report => $"{report.Executions} executions, {report.LeftOut} left out");
                if (exported.Executions != executions)
                    return Wrong($"{exported.Executions} executions were exported");
            }
            await using var there = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Path.Combine(_root, "there"), ServerUrl = fleet.Urls[0], AuthToken = fleet.Secret, Project = "default" });
            await InterruptAsync(there, folder);
            var imported = await TimedAsync("imported", progress => there.Transfers.ImportAsync(folder, progress), report => $"{report.Stored} new, {report.Present} there already, {report.Verified} verified by hash");
            var again = await TimedAsync("imported again", progress => there.Transfers.ImportAsync(folder, progress), report => $"{report.Stored} new, {report.Present} there already, {report.Verified} verified by hash");
            var completed = (await there.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Completed], Limit = 1 })).Total;
            if (imported.Verified != executions || again.Present != executions || again.Stored != 0 || completed != executions)
                return Wrong($"{completed} of {executions} executions are completed there");
        }
        Directory.Delete(_root, recursive: true);
        Console.WriteLine("wrong                0");
        return true;
    }

    private async Task FillAsync(KitaruClient client)
    {
        await using var stack = new LocalStack(await client.OpenAsync(), new ConfigDirectory(Path.Combine(_root, "here"))).Start();
        await client.Deployments.DeployTargetAsync(ServerSoak.WriteFlow(_root) + ":mark_steps");
        await Parallel.ForEachAsync(Enumerable.Range(0, executions), new ParallelOptions { MaxDegreeOfParallelism = Starters }, async (number, cancellationToken) =>
            await client.Deployments.InvokeAsync(
                "mark_steps", tag: "default", inputs: new JsonObject { ["ledger"] = Path.Combine(_root, $"ledger{number}.txt"), ["steps"] = 1 }, cancellationToken: cancellationToken));
        await World.WaitAsync(
            () => client.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Completed], Limit = 1 }).GetAwaiter().GetResult().Total == executions,
            "not all executions completed", Longest);
    }

    /// <summary>Given up in the middle, as by Ctrl+C: the next import goes on.</summary>
    private static async Task InterruptAsync(KitaruClient there, string folder)
    {
        using var stop = new CancellationTokenSource();
        var told = 0;
        try
        {
            await there.Transfers.ImportAsync(folder, new Told(_ => { if (++told == 3) stop.Cancel(); }), stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("import interrupted");
        }
    }

    private static async Task<T> TimedAsync<T>(string what, Func<IProgress<string>, Task<T>> work, Func<T, string> say)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var report = await work(new Told(static _ => { }));
        Console.WriteLine($"{what,-20} {say(report)}, in {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0.0} s");
        return report;
    }

    private bool Wrong(string what)
    {
        Console.Error.WriteLine($"{what}; everything: {_root}");
        return false;
    }

    /// <summary>Told at once, on the thread that reports.</summary>
    private sealed class Told(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
