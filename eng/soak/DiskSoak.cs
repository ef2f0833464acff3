using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>
/// Keeps some executions running and makes the store's disk full at drawn moments, for less than a lease up to three of them. Whatever was shown as
/// recorded must stay, nothing may be recorded that was not done, and everything goes on once there is space again.
/// </summary>
internal sealed class DiskSoak(int cycles, int seed, int width, int steps, bool inMemory) : IDisposable
{
    /// <summary>A value that lies beside its record and fills a disk quickly.</summary>
    private const int BytesPerStep = 30_000;

    private const int ShortestMilliseconds = 100;

    private readonly Random _random = new(seed);
    private readonly List<Subject> _running = [];
    private readonly List<Subject> _ended = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly IDisk _disk = inMemory ? new MemoryDisk() : new LimitedFiles();
    private int _refused;
    private int _repeats;

    public async Task<bool> RunAsync()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        // Ledgers lie on another disk: what was done is written down in any case.
        var world = World.Create(Path.Combine(_disk.Folder, "config"));
        var controlPlane = await world.OpenAsync();
        var lease = controlPlane.Workers.LeaseDuration;
        var full = TimeSpan.Zero;
        await using (var watcher = Watcher.Start(world.Config, withoutFileSizeSignal: !inMemory))
        {
            for (var cycle = 1; cycle <= cycles; cycle++)
            {
                await FillUpAsync(world);
                var target = Lines() + _random.Next(1, 12);
                await World.WaitAsync(() => Lines() >= target || _running.TrueForAll(subject => subject.IsThrough), "the flows get further");
                full += await OutageAsync(world, controlPlane, watcher, lease);
                if (cycle % 5 == 0)
                    Console.WriteLine($"cycle {cycle}: {_ended.Count} executions ended, {_refused} starts refused");
            }
            foreach (var subject in _running.ToArray())
                await EndAsync(world, subject);
            await world.NoWorkersAsync();
        }
        await world.DisposeAsync();
        var recoveries = _recoveries.Order().ToList();
        Console.WriteLine(
            $"""

            disk, seed {seed}, {cycles} outages in {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s, {_disk.Description}, lease {lease.TotalSeconds:0.#} s
            full                 {full.TotalSeconds:0} s in all
            executions           {_ended.Count} of {steps} steps, {_refused} more refused at their start
            repeated             {_repeats} steps whose record was refused
            back at work after   median {recoveries[recoveries.Count / 2].TotalMilliseconds:0} ms, longest {recoveries[^1].TotalMilliseconds:0} ms
            """);
        return world.Conclude();
    }

    public void Dispose() => _disk.Dispose();

    private async Task<TimeSpan> OutageAsync(World world, IControlPlane controlPlane, Watcher watcher, TimeSpan lease)
    {
        var processes = await ProcessesAsync(controlPlane, watcher);
        _disk.Fill(processes);
        var fullAt = TimeProvider.System.GetTimestamp();
        foreach (var subject in _running)
            subject.Outages++;
        var longest = _random.Next(4) == 0 ? lease * 3 : lease * 0.8;
        var until = TimeSpan.FromMilliseconds(_random.Next(ShortestMilliseconds, (int)longest.TotalMilliseconds));
        while (TimeProvider.System.GetElapsedTime(fullAt) < until)
        {
            // Reading goes on, and shows what was recorded before.
            foreach (var subject in _running)
                await subject.RecordedAsync(world.Kitaru, world.Problems);
            await TryStartAsync(world);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        _disk.Free(processes.Union(await ProcessesAsync(controlPlane, watcher)));
        var (took, freeAt, before) = (TimeProvider.System.GetElapsedTime(fullAt), TimeProvider.System.GetTimestamp(), Lines());
        await World.WaitAsync(() => Lines() > before || _running.TrueForAll(subject => subject.IsThrough), "somebody goes on");
        _recoveries.Add(TimeProvider.System.GetElapsedTime(freeAt));
        return took;
    }

    private static async Task<List<int>> ProcessesAsync(IControlPlane controlPlane, Watcher watcher) =>
        [watcher.ProcessId, .. (await controlPlane.Workers.ListAsync()).Select(worker => worker.Process.ProcessId)];

    /// <summary>An execution that was acknowledged on a full disk is as good as any other.</summary>
    private async Task TryStartAsync(World world)
    {
        if (_running.Count >= width * 2)
            return;
        try
        {
            _running.Add(await world.StartAsync(steps, seed, BytesPerStep));
            _running[^1].Outages++;
        }
        catch (KitaruBackendException)
        {
            _refused++;
        }
    }

    private async Task FillUpAsync(World world)
    {
        foreach (var subject in _running.ToArray())
        {
            if (await subject.Handle.GetStatusAsync() is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled)
                await EndAsync(world, subject);
        }
        while (_running.Count < width)
            _running.Add(await world.StartAsync(steps, seed, BytesPerStep));
    }

    private async Task EndAsync(World world, Subject subject)
    {
        _running.Remove(subject);
        _ended.Add(subject);
        try
        {
            await subject.Handle.WaitAsync(World.ProgressMax);
            _repeats += subject.Began - subject.Steps;
            var takeovers = (await world.Kitaru.Executions.GetAsync(subject.Id)).Execution.Takeovers;
            await subject.AccountAsync(world.Kitaru, subject.Outages > 0 ? int.MaxValue : takeovers, world.Problems);
            // The disk is small: what is accounted for may go.
            await world.Kitaru.Executions.DeleteAsync(subject.Id);
        }
        catch (Exception e) when (e is KitaruException or TimeoutException)
        {
            world.Problems.Add($"{subject.Id}: {e.Message}");
        }
    }

    private int Lines() => _running.Sum(subject => subject.Lines.Count);
}
