using Kitaru.ControlPlane;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;
using Kitaru.Hosting;
using Kitaru.Secrets;

namespace Kitaru.Worker;

internal static class Program
{
    private const int CannotWork = 3;

    private static async Task Main(string[] args)
    {
        if (CheckArguments.TryParse(args) is { } check)
        {
            Environment.Exit(await CheckProgram.RunAsync(check));
            return;
        }
        if (WorkerArguments.TryParse(args) is not { } arguments)
        {
            Environment.Exit(await PoolProgram.RunAsync(args));
            return;
        }
        // Ctrl-C in the terminal of whoever started it is meant for them: what runs here goes on.
        OwnSession.Begin();
        var code = 0;
        var output = new GuardedOutput(arguments.OutputPath);
        try
        {
            output.TakeOver();
            await RunAsync(arguments, output);
            new WorkerOutput(arguments.OutputPath).Delete();
        }
        catch (Exception e) when (e is KitaruException or IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            output.Flush();
            code = CannotWork;
        }
        // Flow code may have left foreground threads; they keep no worker.
        Environment.Exit(code);
    }

    private static async Task RunAsync(WorkerArguments arguments, GuardedOutput output)
    {
        var time = TimeProvider.System;
        using var stop = new StopSignals();
        var parent = new ParentWatch(arguments.ParentProcessId, time);
        var opening = OpenAsync(arguments, time);
        // They are this process's; what flows start shall not inherit them.
        Environment.SetEnvironmentVariable(EmbeddedOptions.SecretKeysVariable, null);
        var known = new KnownSecrets { FirstLearned = output.Start };
        // Flow code sees its environment from its first line on; without one the store may open meanwhile.
        var early = arguments.Environment == EnvironmentId.Plain ? LoadFlows() : null;
        await using var controlPlane = await opening;
        var environment = await controlPlane.Workers.GetEnvironmentAsync(arguments.Environment);
        foreach (var (name, value) in environment.Variables)
            Environment.SetEnvironmentVariable(name, value);
        var secrets = new EnvironmentSecrets(controlPlane.Secrets, environment.Secrets);
        await secrets.ApplyAsync(known);
        var flows = early ?? LoadFlows();
        // After the environment's variables are set, which may name where to.
        using var telemetry = WorkerTelemetry.Start(arguments.Id.Value);
        await using var host = new FlowHost(new FlowHostOptions
        {
            ControlPlane = controlPlane,
            Flows = flows,
            Concurrency = arguments.Concurrency,
            FlowConcurrency = arguments.FlowConcurrency,
            IdleTimeout = arguments.IdleTimeout,
            IsAbandoned = () => parent.IsGone,
            Time = time,
            Secrets = known,
            AreOutdated = secrets.AreOutdatedAsync,
            Worker = new WorkerRecord
            {
                Id = arguments.Id,
                Snapshot = arguments.Snapshot,
                Environment = arguments.Environment,
                Process = ProcessIdentities.Current(),
                StartedAt = time.GetUtcNow(),
                OutputPath = arguments.OutputPath,
            },
        });
        await using var tail = new OutputTail(arguments.OutputPath, controlPlane.Logs, host.RunningSince, time, known);
        await host.RunAsync(stop.Token);
        output.Flush();
    }

    private static async Task<IControlPlane> OpenAsync(WorkerArguments arguments, TimeProvider time) => arguments.Server is null
        ? await EmbeddedControlPlane.OpenAsync(EmbeddedOptions.FromEnvironment(arguments.Config, Environment.GetEnvironmentVariable))
        : await new WorkerToken(arguments, time).ConnectAsync();

    private static FlowCatalog LoadFlows() => FlowCatalog.FromAssemblies(FlowAssemblies.Load(AppContext.BaseDirectory));
}
