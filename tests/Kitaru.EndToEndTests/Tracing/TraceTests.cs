using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.Servers;
using Kitaru.EndToEndTests.World;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Tracing;

/// <summary>A program, a server on PostgreSQL, a worker of a machine and the process it starts: what all of them tell of one execution is one tree.</summary>
public sealed class TraceTests : EndToEndTest
{
    private static readonly string Folder = Path.GetDirectoryName(Programs.Server)!;

    /// <summary>A program that tells its own spans alone, and one that tells .NET's of its requests as well.</summary>
    [NeedsPostgresTheory]
    [InlineData("a shop", "Kitaru")]
    [InlineData("a shop", "Kitaru", "System.Net.Http")]
    public async Task Execution_AcrossProgramServerAndWorkers_IsOneTree(params string[] sources)
    {
        // Of its own: a worker of another test would take the execution, and tell nobody here.
        using var database = PostgresCluster.TryStart(durable: false, out _)!;
        using var receiver = new TraceReceiver();
        using var listener = Listen(receiver, sources);
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var url = $"http://127.0.0.1:{Ports.Free()}";
        string execution, trace;
        using (Daemon.Start(
            Path.Combine(Folder, "server", "kitaru-server.dll"), Path.Combine(Home.Root, "server"), ["--urls", url, "--database", database.ConnectionString],
            [("KITARU_SERVER_ADMIN_SECRET", secret), .. receiver.Variables]))
        {
            await Daemon.ReadyAsync(url);
            using var worker = Daemon.Start(
                Path.Combine(Folder, "worker", "Kitaru.Worker.dll"), Path.Combine(Home.Root, "worker"), ["--idle-seconds", "2"],
                [("KITARU_SERVER_URL", url), ("KITARU_AUTH_TOKEN", secret), ("KITARU_PROJECT", "default"), .. receiver.Variables]);
            await using var client = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Home.Config, ServerUrl = url, AuthToken = secret, Project = "default" });
            (execution, trace) = await OrderAsync(client);
        }

        // All have ended, and sent what was left.
        var told = receiver.Spans;
        var ours = told.Where(span => span.Trace == trace).ToList();
        var byId = ours.ToDictionary(span => span.Id);
        var tree = string.Join('\n', ours.Select(PathOf).Order(StringComparer.Ordinal));
        ours.Where(span => span.Parent.Length == 0).ShouldHaveSingleItem(tree).Name.ShouldBe("order");
        ours.Where(span => span.Parent.Length > 0 && !byId.ContainsKey(span.Parent)).ShouldBeEmpty(tree);
        told.Where(span => span.Execution == execution && span.Trace != trace).ShouldBeEmpty("another trace");
        ours.Select(span => span.Service).Distinct().ShouldBe(["program", "kitaru-server", "kitaru-worker"], ignoreOrder: true);
        var runs = ours.Where(span => span.Name == "run tour").ToList();
        // It let go at its question, and was run again after the answer.
        runs.Count.ShouldBe(2, tree);
        foreach (var run in runs)
        {
            byId[run.Parent].Service.ShouldBe("kitaru-server", tree);
            PathOf(run).ShouldStartWith("order > RunTargetAsync > ", Case.Sensitive, tree);
        }
        foreach (var name in (string[])["checkpoint gather", "wait approve", "checkpoint write", "commit"])
        {
            var named = ours.Where(span => span.Name == name).ToList();
            named.ShouldNotBeEmpty(tree);
            named.ShouldAllBe(span => span.Service == "kitaru-worker" && byId[span.Parent].Name == "run tour", tree);
        }

        string PathOf(Span span) => byId.TryGetValue(span.Parent, out var parent) ? $"{PathOf(parent)} > {span.Name}" : span.Name;
    }

    /// <summary>As a program does it inside a request of its own: starts, answers when it is asked and nobody is there any more, and waits for the end.</summary>
    private async Task<(string Execution, string Trace)> OrderAsync(KitaruClient client)
    {
        using var source = new ActivitySource("a shop");
        using var order = source.StartActivity("order")!;
        var handle = await client.RunTargetAsync(Home.AddFlow("Tour.cs") + ":tour", new JsonObject { ["topic"] = "tea" });
        var plane = await client.OpenAsync();
        await Until.ValueAsync(async () => await plane.Executions.FindAsync(handle.Id) is { Status: ExecutionStatus.Waiting, Owner: null } ? true : (bool?)null, "the execution waits, and its worker has let go");
        await client.Executions.InputAsync(handle.Id, "approve", true);
        await handle.WaitAsync();
        (await handle.GetAsync<string>()).ShouldBe("draft of notes on tea");
        return (handle.Id.ToString(), order.TraceId.ToHexString());
    }

    private static ActivityListener Listen(TraceReceiver receiver, string[] sources)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => receiver.Add(new Span(
                span.TraceId.ToHexString(), span.SpanId.ToHexString(), span.ParentSpanId == default ? "" : span.ParentSpanId.ToHexString(), span.DisplayName, "program", null)),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
