using System.Text.Json;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Engine.Check;
using Kitaru.Hosting;
using Kitaru.Secrets;

namespace Kitaru.Worker;

/// <summary>
/// A worker that takes no work: it runs its code against what executions have recorded, and says of each whether it fits. It registers nowhere,
/// takes no lease and stores nothing.
/// </summary>
internal static class CheckProgram
{
    private const int CannotWork = 3;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(CheckArguments arguments)
    {
        try
        {
            var time = TimeProvider.System;
            _ = EndWithParentAsync(new ParentWatch(arguments.ParentProcessId, time), time);
            var output = Console.Out;
            await using var store = await EmbeddedControlPlane.OpenAsync(EmbeddedOptions.FromEnvironment(arguments.Config, Environment.GetEnvironmentVariable));
            Environment.SetEnvironmentVariable(EmbeddedOptions.SecretKeysVariable, null);
            var environment = await store.Workers.GetEnvironmentAsync(arguments.Environment);
            foreach (var (name, value) in environment.Variables)
                Environment.SetEnvironmentVariable(name, value);
            // What is masked is part of what was recorded, so the code must know the same secrets.
            var known = new KnownSecrets();
            await new EnvironmentSecrets(store.Secrets, environment.Secrets).ApplyAsync(known);
            var flows = FlowCatalog.FromAssemblies(FlowAssemblies.Load(AppContext.BaseDirectory));
            await using var services = FlowServices.Build(flows);
            foreach (var id in arguments.Executions)
            {
                var check = await CheckRun.RunAsync(store, flows, services, known, id, time, CancellationToken.None);
                // On a line of its own, whatever the flow wrote before.
                await output.WriteAsync($"\n{arguments.Nonce}{JsonSerializer.Serialize(check)}\n");
                await output.FlushAsync();
            }
            return 0;
        }
        catch (Exception e) when (e is KitaruException or IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            return CannotWork;
        }
    }

    /// <summary>Flow code may block every thread it gets; this one is a timer's.</summary>
    private static async Task EndWithParentAsync(ParentWatch parent, TimeProvider time)
    {
        while (!parent.IsGone)
            await Task.Delay(Look, time);
        Environment.Exit(CannotWork);
    }
}
