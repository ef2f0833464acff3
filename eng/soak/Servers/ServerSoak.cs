using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>
/// Starts executions on a fleet, answers what they ask, and kills servers, workers and the database under them at drawn moments. In the end each step of each execution is accounted for:
/// whatever was acknowledged is there, and ran once after that.
/// </summary>
internal sealed class ServerSoak(int executions, int seed, TimeSpan chaos, int steps)
{
    private const int Starters = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(seed);
    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-soak-").FullName;
    private readonly ConcurrentBag<Subject> _subjects = [];
    private readonly ConcurrentBag<string> _problems = [];
    private readonly List<TimeSpan> _takeovers = [];
    private readonly ConcurrentDictionary<ExecutionId, bool> _answered = [];
    private int _serverKills;
    private int _workerKills;
    private int _plugs;
    private int _refused;
    private int _disturbed;

    public async Task<bool> RunAsync()
    {
        if (Fleet.Start(_root, out var missing) is not { } fleet)
        {
            Console.WriteLine($"skipped: {missing}");
            return true;
        }
        using (fleet)
        {
            var clients = fleet.Urls.Select((url, i) => KitaruClient.Connect(new KitaruClientOptions
            {
                ConfigPath = Path.Combine(_root, $"client{i}"),
                ServerUrl = url,
                AuthToken = fleet.Secret,
                Project = "default",
            })).ToList();
            var startedAt = TimeProvider.System.GetTimestamp();
            await UntilAsync(() => clients[0].Deployments.DeployTargetAsync(WriteFlow(_root) + ":mark_steps"));
            using var stop = new CancellationTokenSource();
            var answering = AnswerAsync(clients, stop.Token);
            var starting = Task.WhenAll(Enumerable.Range(0, Starters).Select(i => StartAsync(clients[i % clients.Count], i)));
            await ChaosAsync(fleet, clients, starting);
            await starting;
            await DrainAsync(clients);
            var took = TimeProvider.System.GetElapsedTime(startedAt);
            await stop.CancelAsync();
            await answering;
            await Parallel.ForEachAsync(_subjects, new ParallelOptions { MaxDegreeOfParallelism = Starters }, async (subject, _) => await AccountAsync(subject, clients[0]));
            var lease = (await clients[0].OpenAsync()).Workers.LeaseDuration;
            foreach (var client in clients)
                await client.DisposeAsync();
            Report(took, lease);
        }
        return Conclude();
    }

    /// <summary>Each start under a key of its own: one whose answer was lost is made again and answers the same execution.</summary>
    private async Task StartAsync(KitaruClient client, int first)
    {
        for (var number = first; number < executions; number += Starters)
        {
            var ledger = Path.Combine(_root, $"ledger{number}.txt");
            var inputs = new JsonObject { ["ledger"] = ledger, ["steps"] = steps, ["seed"] = seed * 100_000 + number, ["asks"] = true };
            var key = $"soak-{seed}-{number}";
            var handle = await UntilAsync(() => client.Deployments.InvokeAsync("mark_steps", tag: "default", inputs: inputs.DeepClone().AsObject(), options: new InvokeOptions { IdempotencyKey = key }));
            _subjects.Add(new Subject(handle, ledger, steps));
        }
    }

    private async Task AnswerAsync(List<KitaruClient> clients, CancellationToken cancellationToken)
    {
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            try
            {
                var client = clients[turn % clients.Count];
                var waiting = await client.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Waiting], Limit = 500 }, cancellationToken);
                await Parallel.ForEachAsync(waiting.Items, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (execution, stop) =>
                {
                    // Before: the answer may be stored though its own answer is lost.
                    _answered[execution.Id] = true;
                    await client.Executions.InputAsync(execution.Id, "go_on", true, stop);
                });
            }
            catch (Exception error) when (error is KitaruException or OperationCanceledException)
            {
                // Its server is away, or somebody was faster; the next turn sees.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ChaosAsync(Fleet fleet, List<KitaruClient> clients, Task starting)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        // Until everything was started, and for as long as was asked.
        while (TimeProvider.System.GetElapsedTime(startedAt) < chaos || !starting.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1500, 4000)), TimeProvider.System);
            switch (_random.Next(9))
            {
                case 0 or 1 or 2:
                    await KillAsync(fleet.Servers[_random.Next(fleet.Servers.Count)]);
                    _serverKills++;
                    break;
                case 3:
                    await fleet.PullThePlugAsync(Away);
                    _plugs++;
                    break;
                case 4 or 5:
                    var machine = fleet.Workers[_random.Next(fleet.Workers.Count)];
                    machine.Kill(withChildren: true);
                    await Task.Delay(Away, TimeProvider.System);
                    machine.Start();
                    _workerKills++;
                    break;
                default:
                    await KillOneWorkerAsync(clients[_random.Next(clients.Count)]);
                    break;
            }
        }
    }

    private static async Task KillAsync(Machine machine)
    {
        machine.Kill(withChildren: false);
        await Task.Delay(Away, TimeProvider.System);
        machine.Start();
    }

    /// <summary>Kills the process of one worker, and measures how long its executions are nobody's.</summary>
    private async Task KillOneWorkerAsync(KitaruClient client)
    {
        try
        {
            var plane = await client.OpenAsync();
            var workers = await plane.Workers.ListAsync();
            if (workers.Count == 0)
                return;
            var victim = workers[_random.Next(workers.Count)];
            var held = (await plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Running], Limit = 1000 })).Items.Where(execution => execution.Owner == victim.Id).ToList();
            if (!World.Signal("KILL", victim.Process.ProcessId))
                return;
            _workerKills++;
            var killedAt = TimeProvider.System.GetTimestamp();
            foreach (var execution in held)
            {
                while ((await plane.Executions.FindAsync(execution.Id))!.Owner == victim.Id)
                {
                    if (TimeProvider.System.GetElapsedTime(killedAt) > plane.Workers.LeaseDuration * 4)
                        break;
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
                }
            }
            var took = TimeProvider.System.GetElapsedTime(killedAt);
            _takeovers.Add(took);
            if (took > plane.Workers.LeaseDuration * 2)
                _problems.Add($"taken over after {took.TotalSeconds:0.0} s, more than two leases");
        }
        catch (KitaruBackendException)
        {
            // A server was away meanwhile: nothing can be said of this one.
            _disturbed++;
        }
    }

    private async Task DrainAsync(List<KitaruClient> clients)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var completed = await UntilAsync(async () => (await clients[0].Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Completed], Limit = 1 })).Total);
            if (completed >= executions)
                return;
            if (TimeProvider.System.GetElapsedTime(startedAt) > Longest)
            {
                _problems.Add($"{executions - completed} executions did not complete");
                return;
            }
            Console.WriteLine($"{completed} of {executions} completed");
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        }
    }

    private async Task AccountAsync(Subject subject, KitaruClient client)
    {
        var problems = new List<string>();
        try
        {
            await subject.AccountAsync(client, int.MaxValue, problems);
            if (!_answered.ContainsKey(subject.Id))
                problems.Add($"{subject.Id}: completed without an answer");
        }
        catch (KitaruException error)
        {
            problems.Add($"{subject.Id}: {error.Message}");
        }
        foreach (var problem in problems)
            _problems.Add(problem);
    }

    /// <summary>Again until it works: a server that is away comes back.</summary>
    private async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (KitaruBackendException) when (TimeProvider.System.GetElapsedTime(startedAt) < World.ProgressMax)
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    /// <summary>Writes the flow that is run into a folder; its path.</summary>
    public static string WriteFlow(string folder)
    {
        var path = Path.Combine(folder, "Marked.cs");
        var flows = Path.Combine(AppContext.BaseDirectory, "Flows");
        File.WriteAllText(path, File.ReadAllText(Path.Combine(flows, "Marked.cs")) + File.ReadAllText(Path.Combine(flows, "Ledger.cs")));
        return path;
    }

    private void Report(TimeSpan took, TimeSpan lease)
    {
        var takeovers = _takeovers.Order().ToList();
        Console.WriteLine(
            $"""

            servers, seed {seed}: 2 servers on one PostgreSQL, 4 workers, {executions} executions of {steps} steps and a question in {took.TotalSeconds:0} s
            killed               {_serverKills} servers, {_workerKills} workers; the database {_plugs} times (immediate stop)
            repeated             {_subjects.Sum(subject => subject.Began) - _subjects.Count * steps} steps that nobody had acknowledged
            calls made again     {_refused} after a server or the database was away
            taken over after     {(takeovers.Count == 0 ? "-" : $"median {takeovers[takeovers.Count / 2].TotalMilliseconds:0} ms, longest {takeovers[^1].TotalMilliseconds:0} ms")} of {takeovers.Count} kills of one worker ({_disturbed} more met another outage); two leases are {lease.TotalSeconds * 2:0} s
            """);
    }

    private bool Conclude()
    {
        Console.WriteLine($"wrong                {_problems.Count}");
        foreach (var problem in _problems.Take(50))
            Console.Error.WriteLine(problem);
        if (_problems.IsEmpty)
            Directory.Delete(_root, recursive: true);
        else
            Console.Error.WriteLine($"Logs and ledgers: {_root}");
        return _problems.IsEmpty;
    }
}
