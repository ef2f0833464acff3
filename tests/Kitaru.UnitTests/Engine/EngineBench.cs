using System.Reflection;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Engine;
using Kitaru.Hosting;

namespace Kitaru.UnitTests.Engine;

/// <summary>A flow given as a delegate, run by the real engine on a seeded scheduler, a manual clock and a store in memory.</summary>
internal sealed class EngineBench : IServiceProvider
{
    private readonly Func<Task<object?>> _body;

    public EngineBench(Func<Task<object?>> body, int seed = 1)
    {
        _body = body;
        Scheduler = new SeededScheduler(seed);
        Store = new MemoryControlPlane(Clock, "delegate_flow", new JsonObject());
    }

    public ManualClock Clock { get; } = new();

    public SeededScheduler Scheduler { get; set; }

    public MemoryControlPlane Store { get; }

    public FlowRun? Run { get; private set; }

    public bool LetGo { get; set; }

    public Func<FlowRun, ValueTask<bool>> StillHolds { get; set; } = static _ => new ValueTask<bool>(true);

    public object? Result => Store.Outcome?.Result is { Inline: { } bytes } result ? ValueCodec.Decode<object?>(result, bytes) : null;

    /// <summary>Claims the execution and starts a run; nothing happens until the scheduler steps.</summary>
    public FlowRun Start()
    {
        var method = typeof(DelegateFlow).GetMethod(nameof(DelegateFlow.RunAsync), BindingFlags.Instance | BindingFlags.Public)!;
        var definition = new FlowDefinition { Name = "delegate_flow", Type = typeof(DelegateFlow).FullName!, Method = method.Name };
        Run = new FlowRun(Store.Claim(), new FlowEntry(definition, method), new FlowRunOptions
        {
            ControlPlane = Store,
            Time = Clock,
            Work = Scheduler,
            Services = this,
            LetGo = () => LetGo,
            StillHolds = run => StillHolds(run),
        });
        Run.Start();
        return Run;
    }

    /// <summary>Moves the clock and steps until nothing is ready.</summary>
    public void Advance(TimeSpan by)
    {
        SeededScheduler.Plainly(() => Clock.Advance(by));
        RunUntilQuiet();
    }

    /// <summary>Steps until nothing is ready.</summary>
    public void RunUntilQuiet()
    {
        while (!Scheduler.IsEmpty)
            Scheduler.Step();
    }

    /// <summary>Starts and runs until nothing is ready.</summary>
    public EngineBench Go()
    {
        Start();
        RunUntilQuiet();
        return this;
    }

    /// <summary>Throws away whatever was under way and goes on from the store, as a new worker does.</summary>
    public EngineBench CrashAndGo(int seed)
    {
        Scheduler.Crash();
        Clock.DropTimers();
        Scheduler = new SeededScheduler(seed);
        return Go();
    }

    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(DelegateFlow) ? new DelegateFlow(_body) : null;

    public sealed class DelegateFlow(Func<Task<object?>> body)
    {
        public Task<object?> RunAsync() => body();
    }
}
