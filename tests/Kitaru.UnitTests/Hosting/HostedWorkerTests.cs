using System.Collections.Concurrent;
using System.Diagnostics;
using Kitaru.Core;
using Kitaru.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kitaru.UnitTests.Hosting;

public sealed class HostedWorkerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-hosted-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_InAHost_GetsTheHostsServicesAScopeForEachRun()
    {
        await using var host = await StartAsync();
        var client = host.GetRequiredService<KitaruClient>();
        var handle = await client.RunAsync(() => Flows().Hosted("Ada"));
        await client.Executions.WaitForStopAsync(handle.Id, Patience);
        await client.Executions.InputAsync(handle.Id, "go_on", true);

        (await handle.WaitAsync().WaitAsync(Patience)).ShouldBe("Ada True True");
        var book = host.GetRequiredService<LedgerBook>();
        await UntilAsync(() => !book.Closed.IsEmpty);
        book.Closed.Distinct().Count().ShouldBe(book.Closed.Count);
    }

    [Fact]
    public async Task StopAsync_WhileACheckpointRuns_FinishesItAndTheNextHostGoesOn()
    {
        ExecutionId id;
        await using (var first = await StartAsync())
        {
            var handle = await first.GetRequiredService<KitaruClient>().RunAsync(() => Flows().Gated(7));
            id = handle.Id;
            var book = first.GetRequiredService<LedgerBook>();
            await book.Entered.Task.WaitAsync(Patience);
            var stopping = StopAsync(first);
            book.Gate.Release();
            await stopping.WaitAsync(Patience);
        }

        await using var second = await StartAsync();
        var client = second.GetRequiredService<KitaruClient>();
        await UntilAsync(async () => (await client.Executions.GetAsync(id)).Execution.Status == ExecutionStatus.Completed);
        var detail = await client.Executions.GetAsync(id);
        // The checkpoint that was running counts once: it was recorded by the first host.
        detail.Calls.Select(call => (call.Name, call.Attempts.Count(attempt => attempt.Interrupted))).ShouldBe([("pass_gate", 0)]);
        second.GetRequiredService<LedgerBook>().Entered.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void AddKitaruWorker_WithALimitThatMakesNoSense_IsRefusedByName()
    {
        var services = new ServiceCollection();
        Should.Throw<KitaruUsageException>(() => services.AddKitaruWorker(options => options.Concurrency = 0)).Message.ShouldContain("Concurrency");
        Should.Throw<KitaruUsageException>(() => services.AddKitaruWorker(options => options.FlowConcurrency["hosted"] = -1)).Message.ShouldContain("hosted");
        Should.Throw<KitaruUsageException>(() => services.AddKitaruWorker(options => options.DrainTimeout = TimeSpan.FromSeconds(-1))).Message.ShouldContain("DrainTimeout");
    }

    [Fact]
    public async Task Spans_OfOneExecution_AreOneTreeBelowTheCaller()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is KitaruTelemetry.Name or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        ActivityTraceId trace;
        await using (var host = await StartAsync())
        {
            var client = host.GetRequiredService<KitaruClient>();
            using var request = source.StartActivity("request");
            trace = request.ShouldNotBeNull().TraceId;
            var handle = await client.RunAsync(() => Flows().Hosted("Ada"));
            await client.Executions.WaitForStopAsync(handle.Id, Patience);
            await client.Executions.InputAsync(handle.Id, "go_on", true);
            await handle.WaitAsync().WaitAsync(Patience);
            await UntilAsync(() => spans.Any(span => span.TraceId == trace && span.DisplayName == "run hosted"));
        }

        var ours = spans.Where(span => span.TraceId == trace).ToList();
        var byId = ours.ToDictionary(span => span.SpanId);
        string Path(Activity span) => byId.TryGetValue(span.ParentSpanId, out var parent) ? $"{Path(parent)} > {span.DisplayName}" : span.DisplayName;
        var paths = ours.Select(Path).Distinct().Order(StringComparer.Ordinal).ToList();
        paths.ShouldContain("request > RunAsync > run hosted > checkpoint greet");
        paths.ShouldContain("request > RunAsync > run hosted > wait go_on");
        paths.ShouldContain("request > RunAsync > run hosted > commit");
        paths.ShouldAllBe(path => path.StartsWith("request", StringComparison.Ordinal));
    }

    /// <summary>Only its type counts: the host makes its own.</summary>
    private static HostedFlows Flows() => null!;

    private async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<LedgerBook>().AddScoped<Ledger>();
        services.AddKitaruWorker(options: new KitaruClientOptions { ConfigPath = _folder, Environment = _ => null });
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        foreach (var hosted in provider.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return provider;
    }

    private static async Task StopAsync(ServiceProvider provider)
    {
        foreach (var hosted in provider.GetServices<IHostedService>())
            await hosted.StopAsync(CancellationToken.None);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
    }
}
