using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;
using Kitaru.Hosting;

namespace Kitaru.Worker;

internal static class Program
{
    private const int BadArguments = 2;
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
            await Console.Error.WriteLineAsync("This program is started by Kitaru's local stack; it is not for use by hand.");
            Environment.Exit(BadArguments);
            return;
        }
        var code = 0;
        try
        {
            RawOutput.TakeOver(arguments.OutputPath);
            await RunAsync(arguments);
            new WorkerOutput(arguments.OutputPath).Delete();
        }
        catch (Exception e) when (e is KitaruException or IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            code = CannotWork;
        }
        // Flow code may have left foreground threads; they keep no worker.
        Environment.Exit(code);
    }

    private static async Task RunAsync(WorkerArguments arguments)
    {
        var time = TimeProvider.System;
        using var stop = new StopSignals();
        var parent = new ParentWatch(arguments.ParentProcessId, time);
        var opening = EmbeddedControlPlane.OpenAsync(EmbeddedOptions.FromEnvironment(arguments.Config, Environment.GetEnvironmentVariable));
        var flows = FlowCatalog.FromAssemblies(FlowAssemblies.Load(AppContext.BaseDirectory));
        await using var controlPlane = await opening;
        foreach (var (name, value) in (await controlPlane.Workers.GetEnvironmentAsync(arguments.Environment)).Variables)
            Environment.SetEnvironmentVariable(name, value);
        await using var host = new FlowHost(new FlowHostOptions
        {
            ControlPlane = controlPlane,
            Flows = flows,
            Concurrency = arguments.Concurrency,
            IdleTimeout = arguments.IdleTimeout,
            IsAbandoned = () => parent.IsGone,
            Time = time,
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
        await using var tail = new OutputTail(arguments.OutputPath, controlPlane.Logs, host.RunningSince, time);
        await host.RunAsync(stop.Token);
    }
}
