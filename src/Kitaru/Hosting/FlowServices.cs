using Kitaru.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kitaru.Hosting;

/// <summary>The services instance flows are made from.</summary>
internal static class FlowServices
{
    public static ServiceProvider Build(FlowCatalog flows)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new ScopedLoggerProvider()));
        foreach (var assembly in flows.Flows.Select(flow => flow.Method.Module.Assembly).Distinct())
        {
            foreach (var type in assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFlowStartup))))
                ((IFlowStartup)Activator.CreateInstance(type, nonPublic: true)!).ConfigureServices(services);
        }
        return services.BuildServiceProvider();
    }
}
