using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;

namespace Kitaru.EndToEndTests.World;

/// <summary>A build world whose executions are run by real worker processes.</summary>
public sealed class StackWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<LocalStack> _stacks = [];

    private StackWorld(BuildWorld builds, KitaruClient client) => (Builds, Client) = (builds, client);

    public BuildWorld Builds { get; }

    public KitaruClient Client { get; }

    public IControlPlane ControlPlane => Builds.ControlPlane;

    public static async Task<StackWorld> OpenAsync()
    {
        var builds = await BuildWorld.OpenAsync();
        return new StackWorld(builds, KitaruClient.Connect(new KitaruClientOptions { ConfigPath = builds.Config.Root }));
    }

    public LocalStack StartStack(TimeSpan? idle = null, int concurrency = 16)
    {
        var stack = new LocalStack(ControlPlane, Builds.Config, new LocalStackOptions { IdleTimeout = idle ?? TimeSpan.FromSeconds(5), Concurrency = concurrency }).Start();
        _stacks.Add(stack);
        return stack;
    }

    /// <summary>Writes the source of a flow and stores an execution of it.</summary>
    public async Task<ExecutionId> RunAsync(string source, string flow, JsonObject? inputs = null)
    {
        Builds.Write("Flow.cs", source);
        var options = new RunOptions { WorkingDirectory = Builds.Source };
        return (await Client.RunTargetAsync("Flow.cs:" + flow, inputs, options)).Id;
    }

    public Task<ExecutionRecord> UntilAsync(ExecutionId id, ExecutionStatus status) =>
        UntilAsync(() => ControlPlane.Executions.FindAsync(id), execution => execution!.Status == status)!;

    public async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var value = await read();
            if (holds(value))
                return value;
            patience.Token.IsCancellationRequested.ShouldBeFalse($"in the end it is {value}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stack in _stacks)
            await stack.DisposeAsync();
        foreach (var worker in await ControlPlane.Workers.ListAsync())
            End(worker);
        await Client.DisposeAsync();
        await Builds.DisposeAsync();
    }

    /// <summary>Ends a worker of this world the hard way.</summary>
    public static void End(WorkerRecord worker)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(worker.Process.ProcessId);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }
}
