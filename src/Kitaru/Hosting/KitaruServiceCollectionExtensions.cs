using Kitaru;
using Kitaru.Engine;
using Kitaru.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Kitaru in a program with a host: ASP.NET Core, a worker service.</summary>
public static class KitaruServiceCollectionExtensions
{
    /// <summary>Adds <see cref="KitaruClient"/>, connected as <see cref="KitaruClient.Connect"/> would.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="options">Where to connect to; by default what the environment and the config directory say.</param>
    public static IServiceCollection AddKitaru(this IServiceCollection services, KitaruClientOptions? options = null)
    {
        services.TryAddSingleton(provider => KitaruClient.Connect((options ?? new KitaruClientOptions()) with
        {
            Hosting = provider.GetService<ProgramHosting>() ?? new ProgramHosting(),
        }));
        return services;
    }

    /// <summary>
    /// Makes the program work on its own flows as long as it runs: those it starts with <see cref="KitaruClient"/>, and those that earlier runs or other replicas of it
    /// left unfinished. Instance flows get their services from the program, a scope for each run. When the program stops, running checkpoints may end and the rest is handed over.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Limits.</param>
    /// <param name="options">Where to connect to, unless <see cref="AddKitaru"/> said so already.</param>
    /// <exception cref="KitaruUsageException">A limit makes no sense.</exception>
    public static IServiceCollection AddKitaruWorker(
        this IServiceCollection services, Action<KitaruWorkerOptions>? configure = null, KitaruClientOptions? options = null)
    {
        var worker = new KitaruWorkerOptions();
        configure?.Invoke(worker);
        worker.Check();
        services.AddKitaru(options);
        services.TryAddSingleton(provider => new ProgramHosting
        {
            Concurrency = worker.Concurrency,
            FlowConcurrency = worker.FlowConcurrency.ToDictionary(),
            DrainTimeout = worker.DrainTimeout,
            Services = provider,
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, ScopedLoggerProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostedWorker>());
        return services;
    }
}
