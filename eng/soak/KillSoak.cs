using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>
/// Keeps some executions running and kills every worker at drawn moments between and inside checkpoints, now and then whoever looks after the store
/// with them; accounts for each step of each execution by the lines its checkpoints wrote and by the journal.
/// </summary>
internal sealed class KillSoak(int cycles, int seed, int width, int steps)
{
    /// <summary>One execution is not hit in the same step for ever: it would rightly be given up.</summary>
    private const int WithoutProgressMax = 2;

    private const int LatestMilliseconds = 90;
    private const int WatcherEvery = 7;

    private readonly Random _random = new(seed);
    private readonly List<Subject> _running = [];
    private readonly List<Subject> _ended = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly World _world = World.Create();
    private Watcher _watcher = null!;
    private int _kills;
    private int _watcherKills;
    private int _repeats;

    public async Task<bool> RunAsync()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var controlPlane = await _world.OpenAsync();
        _watcher = Watcher.Start(_world.Config);
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await FillAsync();
            await MomentAsync();
            await KillAsync(controlPlane, withWatcher: cycle % WatcherEvery == 0);
            if (cycle % 10 == 0)
                Console.WriteLine($"cycle {cycle}: {_kills} workers killed, {_ended.Count} executions ended");
        }
        foreach (var subject in _running.ToArray())
            await EndAsync(subject);
        await _world.NoWorkersAsync();
        await _watcher.DisposeAsync();
        var leaseDuration = controlPlane.Workers.LeaseDuration;
        await _world.DisposeAsync();
        Report(TimeProvider.System.GetElapsedTime(startedAt), leaseDuration);
        return _world.Conclude();
    }

    /// <summary>Takes out what has ended and starts as many anew.</summary>
    private async Task FillAsync()
    {
        foreach (var subject in _running.ToArray())
        {
            if (await subject.Handle.GetStatusAsync() is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled)
                await EndAsync(subject);
        }
        while (_running.Count < width)
            _running.Add(await _world.StartAsync(steps, seed));
    }

    /// <summary>Some lines further, then up to a step's time later.</summary>
    private async Task MomentAsync()
    {
        var target = Lines() + _random.Next(1, 6);
        await World.WaitAsync(() => Lines() >= target || _running.All(subject => subject.IsThrough), "the flows get further");
        foreach (var subject in _running)
            await World.WaitAsync(() => subject.KillsWithoutProgress < WithoutProgressMax || subject.HasProgressed || subject.IsThrough, "a flow gets further");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(LatestMilliseconds)), TimeProvider.System);
    }

    private async Task KillAsync(IControlPlane controlPlane, bool withWatcher)
    {
        if (withWatcher)
        {
            _watcher.Kill();
            _watcherKills++;
        }
        foreach (var worker in await controlPlane.Workers.ListAsync())
        {
            // One that was killed in the cycle before may not be reaped yet.
            if (World.Signal("KILL", worker.Process.ProcessId))
                _kills++;
        }
        foreach (var subject in _running)
            subject.WasKilled();
        var (before, killedAt) = (Lines(), TimeProvider.System.GetTimestamp());
        if (withWatcher)
        {
            await _watcher.DisposeAsync();
            _watcher = Watcher.Start(_world.Config);
        }
        await World.WaitAsync(() => Lines() > before || _running.All(subject => subject.IsThrough), "somebody takes over");
        var took = TimeProvider.System.GetElapsedTime(killedAt);
        _recoveries.Add(took);
        if (took > controlPlane.Workers.LeaseDuration * 2)
            _world.Problems.Add($"taken over after {took.TotalSeconds:0.0} s, more than two leases");
    }

    private async Task EndAsync(Subject subject)
    {
        _running.Remove(subject);
        _ended.Add(subject);
        try
        {
            await subject.Handle.WaitAsync(World.ProgressMax);
            var execution = (await _world.Kitaru.Executions.GetAsync(subject.Id)).Execution;
            _repeats += subject.Began - subject.Steps;
            await subject.AccountAsync(_world.Kitaru, execution.Takeovers, _world.Problems);
        }
        catch (Exception e) when (e is KitaruException or TimeoutException)
        {
            _world.Problems.Add($"{subject.Id}: {e.Message}");
        }
    }

    private void Report(TimeSpan took, TimeSpan lease)
    {
        var recoveries = _recoveries.Order().ToList();
        Console.WriteLine(
            $"""

            kills, seed {seed}, {cycles} cycles in {took.TotalSeconds:0} s
            processes killed     {_kills} workers, {_watcherKills} times kitaru-mcp with them
            executions           {_ended.Count} of {steps} steps, {_ended.Count * steps} steps in all
            repeated             {_repeats} (interrupted by a kill)
            back at work after   median {recoveries[recoveries.Count / 2].TotalMilliseconds:0} ms, longest {recoveries[^1].TotalMilliseconds:0} ms; two leases are {lease.TotalSeconds * 2:0} s
            """);
    }

    private int Lines() => _running.Sum(subject => subject.Lines.Count);
}
