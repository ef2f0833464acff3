using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Testing.Faults;

namespace Kitaru.SimulationTests.World;

/// <summary>Somebody who starts executions and meddles with them.</summary>
internal sealed class SimClient
{
    private const int ExecutionsMax = 6;

    private readonly SimWorld _world;
    private readonly Lane _lane;
    private readonly IControlPlane _plane;
    private readonly Random _chance;

    public SimClient(SimWorld world, Lane lane, IControlPlane plane, FaultInjector faults, Random chance)
    {
        (_world, _lane, _plane, Faults, _chance) = (world, lane, plane, faults, chance);
        foreach (var started in world.Executions.ToArray())
            lane.Post(() => _ = world.GuardAsync(() => StartAsync(started)));
        lane.Post(() => _ = world.GuardAsync(MeddleAsync));
    }

    public FaultInjector Faults { get; }

    /// <summary>From here on it only helps: every open wait gets its answer.</summary>
    public bool IsHelpful { get; set; }

    private async Task StartAsync(SimExecution execution)
    {
        await PauseAsync(3000);
        var repeats = _chance.Next(10) == 0 ? 2 : 1;
        while (repeats > 0)
        {
            try
            {
                var record = await _plane.Executions.CreateAsync(execution.New);
                if (record.Id != execution.Id)
                    throw Oracles.SideLog.Violation(execution.Id, $"a create with its id returned {record.Id}");
                execution.IsStarted = true;
                repeats--;
            }
            catch (KitaruBackendException)
            {
                // Not known whether it is there: the same call again is safe.
            }
            await PauseAsync(200);
        }
    }

    private async Task MeddleAsync()
    {
        while (true)
        {
            await PauseAsync(IsHelpful ? 600 : 1200);
            foreach (var execution in _world.Executions.Where(execution => execution.IsStarted).ToArray())
            {
                try
                {
                    await MeddleAsync(execution);
                }
                catch (KitaruException exception) when (exception is KitaruBackendException or KitaruStateException or KitaruWaitValidationException)
                {
                    // Refused, or not known: somebody else was quicker, or the store failed.
                }
            }
        }
    }

    private async Task MeddleAsync(SimExecution execution)
    {
        var dice = _chance.Next(100);
        if (IsHelpful || dice < 45)
            await AnswerAsync(execution);
        else if (dice < 47)
            await AbortAsync(execution);
        else if (dice < 49)
            await CancelAsync(execution);
        else if (dice < 55)
            await _plane.Executions.ResumeAsync(execution.Id);
        else if (dice < 65 && execution.Program.HasOwnNames)
            await RetryAsync(execution);
        else if (dice < 68 && execution.Program.HasOwnNames && _world.Executions.Count < ExecutionsMax)
            await ReplayAsync(execution);
    }

    private async Task AnswerAsync(SimExecution execution)
    {
        if (execution.Program.Questions.Count == 0)
            return;
        foreach (var wait in await _plane.Waits.ListPendingAsync(execution.Id))
        {
            var right = execution.AnswerOf(wait.Name);
            var dice = IsHelpful ? 9 : _chance.Next(10);
            if (dice == 0)
            {
                await RefusedAsync(execution, wait.Name, JsonValue.Create("many"), "it does not fit the schema");
                return;
            }
            await AnswerAsync(execution, wait.Name, right);
            if (dice < 3)
                await AnswerAsync(execution, wait.Name, right);
            if (dice == 3)
                await RefusedAsync(execution, wait.Name, JsonValue.Create(right + 1), "it was answered already");
        }
    }

    private async Task AnswerAsync(SimExecution execution, string wait, int answer)
    {
        var record = await _plane.Waits.AnswerAsync(execution.Id, wait, JsonValue.Create(answer), "client");
        if (record.Status != WaitStatus.Answered)
            throw Oracles.SideLog.Violation(execution.Id, $"an accepted answer to '{wait}' left it {record.Status}");
        _world.Log.Answered(execution.Id, wait, JsonValue.Create(answer).ToJsonString());
    }

    private async Task RefusedAsync(SimExecution execution, string wait, JsonNode answer, string why)
    {
        try
        {
            await _plane.Waits.AnswerAsync(execution.Id, wait, answer, "client");
        }
        catch (KitaruException)
        {
            return;
        }
        throw Oracles.SideLog.Violation(execution.Id, $"the answer {answer.ToJsonString()} to '{wait}' was accepted although {why}");
    }

    private async Task AbortAsync(SimExecution execution)
    {
        foreach (var wait in await _plane.Waits.ListPendingAsync(execution.Id))
        {
            execution.IsDisturbed = true;
            await _plane.Waits.AbortAsync(execution.Id, wait.Name, "client");
            _world.Log.Answered(execution.Id, wait.Name, "aborted");
        }
    }

    private async Task CancelAsync(SimExecution execution)
    {
        execution.IsDisturbed = true;
        await _plane.Executions.CancelAsync(execution.Id);
        execution.IsCancelled = true;
        _world.Told(execution.Id, "a client was told that it is cancelled");
    }

    private async Task RetryAsync(SimExecution execution)
    {
        if ((await _plane.Executions.FindAsync(execution.Id))?.Status != ExecutionStatus.Failed)
            return;
        // Before the call: its answer may get lost.
        _world.Log.Reopened(execution.Id);
        await _plane.Executions.RetryAsync(execution.Id, code: null, "client");
    }

    private async Task ReplayAsync(SimExecution source)
    {
        var calls = (await _plane.Executions.GetAsync(source.Id)).Calls;
        if (calls.Count == 0)
            return;
        var request = new ReplayRequest { Source = source.Id, From = calls[_chance.Next(calls.Count)].Name };
        _ = await _plane.Replays.PlanAsync(request);
        var replay = _world.AddExecution(source.Program);
        // Not known to exist until the call returns; if its answer gets lost, the audit does without it.
        replay.IsOptional = true;
        await _plane.Replays.CreateAsync(request, replay.New, "client");
        _world.Log.Tell(replay.Id, $"replays {source.Id} from {request.From}");
        (replay.IsOptional, replay.IsStarted, replay.IsDisturbed) = (false, true, source.IsDisturbed);
    }

    private Task PauseAsync(int millisecondsMax) => _lane.Delay(TimeSpan.FromMilliseconds(1 + _chance.Next(millisecondsMax)));
}
