using System.Runtime.ExceptionServices;
using System.Text;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.SimulationTests.Oracles;
using Kitaru.SimulationTests.Programs;
using Kitaru.Testing;
using Kitaru.Testing.Faults;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests.World;

/// <summary>One history: workers, clients and faults over one store, all of it decided by a seed, on one thread.</summary>
internal sealed class SimWorld
{
    public static readonly SnapshotId Code = new("simulated");

    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(12);

    /// <summary>Once faults have stopped, everything must have ended after this long: naps, backoffs and pauses are much shorter.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(5);

    /// <summary>Then whoever was paused has woken up and tried to write.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(7);

    private const int StepsMax = 300_000;

    private readonly Random _chance;
    private readonly SeededIds _ids;
    private readonly Func<SimWorld, Lane, StoreInterceptor?> _bug;
    private readonly MemoryArtifactStore _files = new();
    private readonly List<SimWorker> _workers = [];
    private readonly List<SimExecution> _executions = [];
    private readonly SimClient _client;
    private readonly FaultRates _rates;
    private ExceptionDispatchInfo? _broken;

    /// <param name="seed">Decides everything.</param>
    /// <param name="database">Empty.</param>
    /// <param name="story">Told everything that happens.</param>
    /// <param name="bug">A fault of the product to simulate: stands right above the store of each worker.</param>
    public SimWorld(int seed, MemoryDatabase database, Action<string>? story, Func<SimWorld, Lane, StoreInterceptor?> bug)
    {
        _chance = new Random(seed);
        _bug = bug;
        Scheduler = new Scheduler(new Random(_chance.Next()));
        Log = new SideLog(Scheduler, story);
        _ids = new SeededIds(new Random(_chance.Next()), Scheduler.Clock);
        Store = SqliteStore.OpenInMemory(database, Scheduler.Clock);
        _rates = _chance.Next(3) == 0 ? FaultRates.None : new FaultRates
        {
            FailBefore = _chance.NextDouble() * 0.02,
            FailAfterCommit = _chance.NextDouble() * 0.02,
            DiskFull = _chance.NextDouble() * 0.01,
            Fenced = _chance.NextDouble() * 0.01,
            Delay = _chance.NextDouble() * 0.2,
        };
        var maker = new ProgramMaker(new Random(_chance.Next()));
        for (var count = 1 + _chance.Next(3); count > 0; count--)
            AddExecution(maker.Make(count));
        for (var count = 1 + _chance.Next(3); count > 0; count--)
            AddWorker();
        var lane = Scheduler.NewLane("client");
        _client = new SimClient(this, lane, Plane(lane, out var faults), faults, new Random(_chance.Next()));
        Nemesis = new Nemesis(this, Scheduler.NewLane("nemesis"), new Random(_chance.Next()));
    }

    public Scheduler Scheduler { get; }

    public SideLog Log { get; }

    /// <summary>The store itself, beneath all faults.</summary>
    public IStore Store { get; }

    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(2);

    public IReadOnlyList<SimExecution> Executions => _executions;

    public IReadOnlyList<SimWorker> Workers => _workers;

    public Nemesis Nemesis { get; }

    /// <summary>Faults have stopped.</summary>
    public bool IsCalm { get; private set; }

    /// <summary>Runs to the end and checks every promise.</summary>
    /// <exception cref="ViolationException">One was broken.</exception>
    public void Run()
    {
        var started = Scheduler.Now;
        // Time for retries and replays of what ended soon.
        var early = started + CalmAfter * _chance.NextDouble();
        StepUntil(() => Scheduler.Now >= started + CalmAfter || (Scheduler.Now >= early && HaveAllEnded()));
        CalmDown();
        var calm = Scheduler.Now;
        StepUntil(() => HaveAllEnded() || Scheduler.Now > calm + EndsWithin);
        if (Scheduler.Now > calm + EndsWithin)
            throw new ViolationException($"{EndsWithin} after the faults stopped not everything has ended: {Describe()}");
        var ended = Scheduler.Now;
        StepUntil(() => Scheduler.Now > ended + Aftermath);
        Audit.Check(this);
    }

    public void AddWorker()
    {
        var lane = Scheduler.NewLane("worker " + _workers.Count);
        var plane = Plane(lane, out var faults);
        _workers.Add(new SimWorker(this, lane, new WorkerId(_ids.NewId()), plane, faults, new Random(_chance.Next())));
        faults.IsOn = !IsCalm;
    }

    public FlowProgram ProgramOf(ExecutionId id) => Executions.First(execution => execution.Id == id).Program;

    /// <summary>What happens inside a lane must not get lost: the first error ends the history.</summary>
    public async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            _broken ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>Somebody was told that the execution has ended; unless it goes on already, nothing may be recorded from here on.</summary>
    public void Told(ExecutionId id, string why)
    {
        if (Rows(id) is { } rows && ExecutionTransitions.IsTerminal(rows.Execution.Status))
            Log.Told(id, rows.Journal.Count, why);
    }

    private int CountRows(ExecutionId id) => Rows(id)?.Journal.Count ?? 0;

    /// <summary>What the store holds.</summary>
    public ExecutionRows? Rows(ExecutionId id) => Store.Executions.FindRowsAsync(id, default).GetAwaiter().GetResult();

    private void StepUntil(Func<bool> done)
    {
        for (var steps = 0; !done(); steps++)
        {
            if (!Scheduler.Step())
                throw new ViolationException($"nothing can ever happen any more: {Describe()}");
            _broken?.Throw();
            if (Log.Broken is { } broken)
                throw broken;
            if (steps > StepsMax)
                throw new ViolationException($"no end after {StepsMax} steps: {Describe()}");
        }
    }

    private void CalmDown()
    {
        IsCalm = true;
        foreach (var worker in _workers)
        {
            worker.Lane.IsHeld = false;
            worker.Faults.IsOn = false;
        }
        _client.Faults.IsOn = false;
        _client.IsHelpful = true;
        if (!_workers.Any(worker => worker.IsAlive))
            AddWorker();
    }

    /// <summary>Asked now and then: it reads the store.</summary>
    private bool HaveAllEnded() => Scheduler.Steps % 64 == 0 && Executions.All(execution =>
        execution.IsOptional || execution.IsStarted && Store.Executions.FindAsync(execution.Id, default).Result is { } record && ExecutionTransitions.IsTerminal(record.Status));

    private StoreControlPlane Plane(Lane lane, out FaultInjector faults)
    {
        var store = _bug(this, lane) is { } bug ? StoreProxy.Wrap(Store, bug) : Store;
        var chance = new Random(_chance.Next());
        faults = new FaultInjector(_rates, new Random(_chance.Next()), Store, () => chance.Next(2) == 0 ? lane.SomeTime() : lane.Delay(TimeSpan.FromMilliseconds(chance.Next(1500))))
        {
            MayDelay = () => Log.Blocking == 0,
        };
        store = StoreProxy.Wrap(StoreProxy.Wrap(store, faults), new AckSpy(Log, this));
        return new StoreControlPlane(store, _files, _ids, Lease, lane.Clock);
    }

    public SimExecution AddExecution(FlowProgram program)
    {
        var execution = NewExecution(program);
        _executions.Add(execution);
        return execution;
    }

    private SimExecution NewExecution(FlowProgram program) => new(
        new NewExecution
        {
            Id = new ExecutionId(_ids.NewId()),
            FlowName = program.Name,
            Snapshot = Code,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", Encoding.UTF8.GetBytes("{}")),
            Retries = program.Retries,
            Seed = _ids.NewSeed(),
        },
        program);

    private string Describe() => string.Join("; ", Executions.Select(execution =>
    {
        var record = Store.Executions.FindAsync(execution.Id, default).Result;
        return $"{execution.Id} {record?.Status} ({record?.StatusReason}) owner {record?.Owner} epoch {record?.Epoch} journal {CountRows(execution.Id)}, run by {string.Join(", ", _workers.Where(worker => worker.Runs(execution.Id)).Select(worker => worker.Lane.Name))}";
    }));
}
