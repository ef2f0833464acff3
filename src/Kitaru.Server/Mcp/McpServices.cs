using Kitaru.Server.Hosting;
using Kitaru.Server.Mcp.Streaming;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kitaru.Server.Mcp;

internal static class McpServices
{
    public static void AddMcp(this IServiceCollection services, McpOptions options)
    {
        services.AddSingleton(options.Limits);
        services.AddSingleton(new OriginCheck(options.Origins, options.Hosts));
        services.AddSingleton(new Sessions(options.Limits, TimeProvider.System));
        services.AddHostedService(provider => provider.GetRequiredService<Sessions>());
        services.TryAddSingleton<McpTools>();
        services.TryAddSingleton(provider => provider.GetRequiredService<McpTools>().Service(provider.GetRequiredService<ServerInstance>().Stopping));
        services.AddSingleton(provider => new StreamableHttp(
            provider.GetRequiredService<StreamingService>(), provider.GetRequiredService<Sessions>(), options.Limits, TimeProvider.System, provider.GetRequiredService<ILoggerFactory>()));
    }
}
