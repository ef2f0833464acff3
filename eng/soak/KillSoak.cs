using System.Diagnostics;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>
/// Keeps some executions running, kills every worker at drawn moments between and inside checkpoints, and accounts for each step of each
/// execution by the lines its checkpoints wrote.
/// </summary>
internal sealed class KillSoak(int cycles, int seed, int width, int steps)
{
    /// <summary>One execution is not hit in the same step for ever: it would rightly be given up.</summary>
    private const int WithoutProgressMax = 2;

    private const int LatestMilliseconds = 90;
    private static readonly TimeSpan ProgressMax = TimeSpan.FromMinutes(2);

    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-soak-").FullName;
    private readonly Random _random = new(seed);
    private readonly List<Subject> _running = [];
    private readonly List<Subject> _ended = [];
    private readonly List<TimeSpan> _recoveries = [];
    private readonly List<string> _problems = [];
    private int _kills;

    public async Task<bool> RunAsync()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Path.Combine(_root, "config") });
        var controlPlane = await kitaru.OpenAsync();
        await using (new LocalStack(controlPlane, kitaru.Directory, new LocalStackOptions { IdleTimeout = TimeSpan.FromSeconds(1) }).Start())
        {
            for (var cycle = 1; cycle <= cycles; cycle++)
            {
                await FillAsync(kitaru);
                await MomentAsync();
                await KillAsync(controlPlane);
                if (cycle % 10 == 0)
                    Console.WriteLine($"cycle {cycle}: {_kills} workers killed, {_ended.Count} executions ended");
            }
            foreach (var subject in _running.ToArray())
                await EndAsync(kitaru, subject);
            while ((await controlPlane.Workers.ListAsync()).Count > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        Report(TimeProvider.System.GetElapsedTime(startedAt));
        if (_problems.Count == 0)
            Directory.Delete(_root, recursive: true);
        return _problems.Count == 0;
    }

    /// <summary>Takes out what has ended and starts as many anew.</summary>
    private async Task FillAsync(KitaruClient kitaru)
    {
        foreach (var subject in _running.ToArray())
        {
            if (await subject.Handle.GetStatusAsync() is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled)
                await EndAsync(kitaru, subject);
        }
        while (_running.Count < width)
        {
            var number = _running.Count + _ended.Count;
            var ledger = Path.Combine(_root, $"ledger{number}.txt");
            var handle = await kitaru.RunTargetAsync(
                FlowFile() + ":count_steps", new JsonObject { ["ledger"] = ledger, ["steps"] = steps, ["seed"] = seed * 1000 + number });
            _running.Add(new Subject(handle, ledger));
        }
    }

    private string FlowFile()
    {
        var path = Path.Combine(_root, "Steps.cs");
        var flows = Path.Combine(AppContext.BaseDirectory, "Flows");
        if (!File.Exists(path))
            File.WriteAllText(path, File.ReadAllText(Path.Combine(flows, "Steps.cs")) + File.ReadAllText(Path.Combine(flows, "Ledger.cs")));
        return path;
    }

    /// <summary>Some lines further, then up to a step's time later.</summary>
    private async Task MomentAsync()
    {
        var target = Lines() + _random.Next(1, 6);
        await WaitAsync(() => Lines() >= target || _running.All(subject => subject.IsThrough(steps)), "the flows get further");
        foreach (var subject in _running)
            await WaitAsync(() => subject.KillsWithoutProgress < WithoutProgressMax || subject.HasProgressed || subject.IsThrough(steps), "a flow gets further");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(LatestMilliseconds)), TimeProvider.System);
    }

    private async Task KillAsync(IControlPlane controlPlane)
    {
        foreach (var worker in await controlPlane.Workers.ListAsync())
        {
            try
            {
                using var process = Process.GetProcessById(worker.Process.ProcessId);
                process.Kill();
                _kills++;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // Killed in the cycle before, and not yet reaped.
            }
        }
        foreach (var subject in _running)
            subject.WasKilled();
        var (before, killedAt) = (Lines(), TimeProvider.System.GetTimestamp());
        await WaitAsync(() => Lines() > before || _running.All(subject => subject.IsThrough(steps)), "somebody takes over");
        _recoveries.Add(TimeProvider.System.GetElapsedTime(killedAt));
    }

    private async Task EndAsync(KitaruClient kitaru, Subject subject)
    {
        _running.Remove(subject);
        _ended.Add(subject);
        try
        {
            await subject.Handle.WaitAsync(ProgressMax);
            var sum = await subject.Handle.GetAsync<int>();
            var execution = (await kitaru.Executions.GetAsync(subject.Handle.Id)).Execution;
            _problems.AddRange(subject.Account(steps, sum, execution.Takeovers));
        }
        catch (KitaruException e)
        {
            _problems.Add($"{subject.Handle.Id}: {e.Message}");
        }
    }

    private void Report(TimeSpan took)
    {
        var recoveries = _recoveries.Order().ToList();
        Console.WriteLine(
            $"""

            seed {seed}, {cycles} cycles in {took.TotalSeconds:0} s
            workers killed       {_kills}
            executions           {_ended.Count} of {steps} steps, {_ended.Count * steps} steps in all
            steps run            {_ended.Sum(subject => subject.Began)}, repeated {_ended.Sum(subject => subject.Began) - _ended.Count * steps} (interrupted by a kill)
            back at work after   median {recoveries[recoveries.Count / 2].TotalMilliseconds:0} ms, longest {recoveries[^1].TotalMilliseconds:0} ms
            lost or done twice   {_problems.Count}
            """);
        foreach (var problem in _problems)
            Console.Error.WriteLine(problem);
        if (_problems.Count > 0)
            Console.Error.WriteLine($"Store and ledgers: {_root}");
    }

    private int Lines() => _running.Sum(subject => subject.Lines.Count);

    private static async Task WaitAsync(Func<bool> condition, string what)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > ProgressMax)
                throw new TimeoutException($"Waited {ProgressMax.TotalSeconds:0} s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }
}
