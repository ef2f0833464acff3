using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.SimulationTests.Oracles;
using Kitaru.SimulationTests.Programs;
using Kitaru.Testing.Faults;

namespace Kitaru.SimulationTests.World;

/// <summary>A worker process: what a flow host does, without threads and with moments chosen by chance; the runs are the engine's own.</summary>
internal sealed class SimWorker
{
    private const int Concurrency = 3;

    private static readonly TimeSpan AnnouncedAfter = TimeSpan.FromMilliseconds(200);

    private readonly SimWorld _world;
    private readonly IControlPlane _plane;
    private readonly Random _chance;
    private readonly WorkerId _id;
    private readonly Dictionary<ExecutionId, FlowRun> _runs = [];
    private readonly Dictionary<ExecutionId, IReadOnlyList<RunningCall>> _announced = [];
    private readonly bool _letsGo;
    private bool _draining;
    private bool _gone;

    public SimWorker(SimWorld world, Lane lane, WorkerId id, IControlPlane plane, FaultInjector faults, Random chance)
    {
        (_world, Lane, _id, _plane, Faults, _chance) = (world, lane, id, plane, faults, chance);
        _letsGo = chance.Next(4) == 0;
        lane.Post(() => _ = _world.GuardAsync(WorkAsync));
        lane.Post(() => _ = _world.GuardAsync(KeepLeasesAsync));
    }

    public Lane Lane { get; }

    public FaultInjector Faults { get; }

    public WorkerId Id => _id;

    public bool IsAlive => !Lane.IsDead && !_draining;

    public bool Runs(ExecutionId id) => !Lane.IsDead && _runs.ContainsKey(id);

    /// <summary>Told to stop: finishes what runs, hands the rest over, says goodbye.</summary>
    public void Stop() => Lane.Post(() =>
    {
        _draining = true;
        foreach (var run in _runs.Values)
            run.Wake();
        _ = _world.GuardAsync(LeaveAsync);
    });

    private async Task LeaveAsync()
    {
        for (var patience = 10; patience > 0 && _runs.Count > 0; patience--)
            await PauseAsync(200);
        _gone = true;
        await TryAsync(() => _plane.Workers.DeregisterAsync(_id));
        Lane.Die();
    }

    private async Task WorkAsync()
    {
        while (!_gone)
        {
            foreach (var ended in _runs.Where(run => run.Value.Ended.IsCompleted).Select(run => run.Key).ToArray())
                _runs.Remove(ended);
            await TryAsync(ClaimAsync);
            await TryAsync(SendSignalsAsync);
            await TryAsync(AnnounceAsync);
            await PauseAsync(500);
        }
    }

    private async Task KeepLeasesAsync()
    {
        while (!_gone)
        {
            await TryAsync(() => _plane.Workers.RenewAsync(_id, [.. _runs.Values.Select(run => run.Lease)]));
            await TryAsync(() => _plane.Workers.ReapAsync());
            await Lane.Delay(_world.Lease / 3);
        }
    }

    private async Task ClaimAsync()
    {
        var free = Concurrency - _runs.Count(run => !run.Value.IsResting);
        if (free <= 0 || _draining)
            return;
        var before = _world.Scheduler.Steps;
        foreach (var claim in await _plane.Workers.ClaimAsync(_id, SimWorld.Code, free))
        {
            _runs.TryGetValue(claim.Execution.Id, out var old);
            var run = NewRun(claim, before);
            _runs[claim.Execution.Id] = run;
            old?.OnSignal(new LeaseSignal(claim.Execution.Id, Lost: true, Cancelled: false, []));
            run.Start();
        }
    }

    private FlowRun NewRun(ClaimedExecution claim, long before)
    {
        var note = new RunNote(claim.Execution.Id, claim.Lease.Epoch, $"{claim.Execution.Reopened}.{claim.Execution.RetriesUsed}", before);
        _world.Log.Tell(note.Execution, $"epoch {note.Epoch} claimed by {Lane.Name}, try {note.Try}, journal {string.Join(", ", claim.Journal.Select(entry => $"{entry.Seq} {entry.Key} {entry.Status}"))}");
        var program = _world.ProgramOf(claim.Execution.Id);
        return new FlowRun(claim, ProgramFlow.EntryOf(program), new FlowRunOptions
        {
            ControlPlane = _plane,
            Time = Lane.Clock,
            Work = Lane,
            Services = new ProgramFlow.Services(() => new Interpreter(program, note, Lane, _world.Log)),
            LetGo = () => _letsGo || _draining,
            Draining = () => _draining,
        });
    }

    private async Task SendSignalsAsync()
    {
        if (_runs.Count == 0)
            return;
        foreach (var signal in await _plane.Workers.ReadSignalsAsync([.. _runs.Values.Select(run => run.Lease)]))
        {
            if (_runs.TryGetValue(signal.ExecutionId, out var run))
                run.OnSignal(signal);
        }
    }

    private async Task AnnounceAsync()
    {
        foreach (var run in _runs.Values.ToArray())
        {
            var calls = run.RunningFor(AnnouncedAfter);
            if (calls.SequenceEqual(_announced.GetValueOrDefault(run.Execution.Id) ?? []))
                continue;
            try
            {
                await _plane.Journal.AnnounceAsync(run.Lease, calls);
                _announced[run.Execution.Id] = calls;
            }
            catch (KitaruLeaseLostException)
            {
                run.OnSignal(new LeaseSignal(run.Execution.Id, Lost: true, Cancelled: false, []));
            }
        }
    }

    private Task PauseAsync(int millisecondsMax) => Lane.Delay(TimeSpan.FromMilliseconds(millisecondsMax / 4 + _chance.Next(millisecondsMax)));

    /// <summary>A host goes on looking after its runs whatever the store says.</summary>
    private static async Task TryAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (KitaruBackendException)
        {
        }
    }
}
