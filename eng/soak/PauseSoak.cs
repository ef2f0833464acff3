using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>
/// Stops a worker (SIGSTOP) in the middle of a checkpoint for three leases, so that its executions are taken over although it lives, then lets it
/// go on: it finishes its checkpoint and must not be able to record anything of it.
/// </summary>
internal sealed class PauseSoak(int cycles, int seed, int width, int steps)
{
    private const int LatestMilliseconds = 60;

    /// <summary>A stopped process may hold the database's own lock; then it is let go on and the cycle does not count.</summary>
    private static readonly TimeSpan WritableWithin = TimeSpan.FromMilliseconds(700);

    private static readonly WorkerId Nobody = new(Guid.Empty);

    private readonly Random _random = new(seed);
    private readonly World _world = World.Create();
    private readonly List<TimeSpan> _takeovers = [];
    private int _pauses;
    private int _insideCommit;
    private int _fenced;

    public async Task<bool> RunAsync()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var controlPlane = await _world.OpenAsync();
        var lease = controlPlane.Workers.LeaseDuration;
        await using (Watcher.Start(_world.Config))
        {
            for (var cycle = 1; cycle <= cycles; cycle++)
            {
                await CycleAsync(controlPlane, lease);
                if (cycle % 5 == 0)
                    Console.WriteLine($"cycle {cycle}: {_pauses} pauses, {_fenced} outcomes fenced");
            }
            await _world.NoWorkersAsync();
        }
        await _world.DisposeAsync();
        var takeovers = _takeovers.Order().ToList();
        Console.WriteLine(
            $"""

            pauses, seed {seed}, {cycles} cycles in {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s, lease {lease.TotalSeconds:0.#} s
            workers stopped      {_pauses} for {lease.TotalSeconds * 3:0.#} s each; {_insideCommit} more stopped inside a commit, which nobody can take over
            executions           {cycles * width} of {steps} steps
            finished too late    {_fenced} checkpoints, none recorded
            taken over after     median {Middle(takeovers).TotalMilliseconds:0} ms, longest {takeovers.LastOrDefault().TotalMilliseconds:0} ms
            """);
        if (_fenced == 0)
            _world.Problems.Add("no checkpoint finished behind its takeover: nothing was tested");
        return _world.Conclude();
    }

    private static TimeSpan Middle(List<TimeSpan> sorted) => sorted.Count == 0 ? TimeSpan.Zero : sorted[sorted.Count / 2];

    private async Task CycleAsync(IControlPlane controlPlane, TimeSpan lease)
    {
        var subjects = new List<Subject>();
        for (var i = 0; i < width; i++)
            subjects.Add(await _world.StartAsync(steps, seed));
        var target = _random.Next(1, steps);
        await World.WaitAsync(() => subjects.Exists(subject => subject.Lines is { Count: > 0 } lines && lines[^1].Step >= target), "the flows get going");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(LatestMilliseconds)), TimeProvider.System);
        var zombie = 0;
        await World.WaitAsync(() => (zombie = subjects.Select(Holder).FirstOrDefault(process => process != 0)) != 0 || subjects.All(subject => subject.IsThrough), "a checkpoint runs");
        if (zombie != 0)
            await PauseAsync(controlPlane, subjects, zombie, lease);
        foreach (var subject in subjects)
            await EndAsync(subject);
    }

    /// <summary>The process inside a step, or 0.</summary>
    private static int Holder(Subject subject) => subject.Lines is { Count: > 0 } lines && lines[^1].IsBegin ? lines[^1].Process : 0;

    private async Task PauseAsync(IControlPlane controlPlane, List<Subject> subjects, int zombie, TimeSpan lease)
    {
        await World.StopAsync(zombie);
        var stoppedAt = TimeProvider.System.GetTimestamp();
        var write = controlPlane.Workers.RenewAsync(Nobody, []);
        if (await Task.WhenAny(write, Task.Delay(WritableWithin, TimeProvider.System)) != write)
        {
            World.Signal("CONT", zombie);
            await write;
            _insideCommit++;
            return;
        }
        _pauses++;
        var held = new Dictionary<Subject, IReadOnlyDictionary<int, int>>();
        foreach (var subject in subjects.Where(subject => subject.Lines is { Count: > 0 } lines && lines[^1].Process == zombie && !subject.IsThrough))
        {
            held[subject] = await subject.RecordedAsync(_world.Kitaru, _world.Problems);
            subject.WasStopped(zombie);
        }
        var isTakenOver = true;
        try
        {
            await World.WaitAsync(() => held.Keys.All(subject => subject.Lines[^1].Process != zombie), "somebody takes over", lease * 3);
            _takeovers.Add(TimeProvider.System.GetElapsedTime(stoppedAt));
        }
        catch (TimeoutException)
        {
            isTakenOver = false;
            _world.Problems.Add($"{string.Join(' ', held.Keys.Select(subject => subject.Id))}: not taken over within three leases");
        }
        var left = lease * 3 - TimeProvider.System.GetElapsedTime(stoppedAt);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, TimeProvider.System);
        World.Signal("CONT", zombie);
        if (isTakenOver)
            await CheckFencedAsync(held, zombie);
    }

    /// <summary>Nothing of what the stopped process did afterwards is recorded.</summary>
    private async Task CheckFencedAsync(Dictionary<Subject, IReadOnlyDictionary<int, int>> held, int zombie)
    {
        await World.WaitAsync(() => held.Keys.All(subject => subject.InFlight(zombie).Count == 0), "the stopped worker finishes its checkpoints");
        foreach (var (subject, before) in held)
        {
            await subject.Handle.WaitAsync(World.ProgressMax);
            var recorded = await subject.RecordedAsync(_world.Kitaru, _world.Problems);
            foreach (var (step, process) in recorded.Where(record => record.Value == zombie && !before.ContainsKey(record.Key)))
                _world.Problems.Add($"{subject.Id}: step {step} was recorded by {process} after it had lost its lease");
            _fenced += subject.LateLines.Count(line => !line.IsBegin && recorded.GetValueOrDefault(line.Step) != zombie);
        }
    }

    private async Task EndAsync(Subject subject)
    {
        try
        {
            await subject.Handle.WaitAsync(World.ProgressMax);
            var execution = (await _world.Kitaru.Executions.GetAsync(subject.Id)).Execution;
            await subject.AccountAsync(_world.Kitaru, execution.Takeovers, _world.Problems);
        }
        catch (Exception e) when (e is KitaruException or TimeoutException)
        {
            _world.Problems.Add($"{subject.Id}: {e.Message}");
        }
    }
}
