using Kitaru;
using Kitaru.ConformanceHost;
using Kitaru.ConformanceHost.Fixtures;
using Kitaru.Core.Configuration;
using Kitaru.Mcp.Tasks;
using Kitaru.Server;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Mcp;
using Kitaru.Server.Mcp.Streaming;
using Kitaru.Server.Projects;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;

// The server as it is, for the official conformance suite, which knows no tokens: one is added to every request. With "fixtures" /mcp serves what the suite asks for by name, over
// the same endpoints, access checks and binding; with "product" the tools of Kitaru.
if (args is not [var kind and ("fixtures" or "product"), var port])
{
    await Console.Error.WriteLineAsync("usage: Kitaru.ConformanceHost fixtures|product <port>");
    return 2;
}
var folder = new ConfigDirectory(Directory.CreateTempSubdirectory("kitaru-conformance-").FullName);
try
{
    var options = new ServerOptions { Directory = folder, Urls = $"http://127.0.0.1:{port}", IsLocal = false, AdminSecret = KnownToken.Text };
    await using var stores = ServerStores.Of(options, _ => null);
    // The suite's tasks are executions on the same store, which this program works on itself.
    await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = folder.Root });
    var fixtures = Tools.Of(kitaru);
    await using var app = KitaruServer.Build(options, new OneProject(), stores, [new AdminAuthenticator(KnownToken.Text)], builder =>
    {
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IStartupFilter, KnownToken>();
        if (kind == "fixtures")
        {
            builder.Services.AddSingleton(services => new StreamingService
            {
                Options = _ => Everything.Options(fixtures).WithTasks(McpTools.ScopeOf, TimeProvider.System, Console.Error.WriteLine),
                Owner = context => Call.Of(context).Principal.Name,
                ToolSchema = (_, tool) => fixtures.TryGetValue(tool, out var fixture) ? fixture.Description.InputSchema : null,
                Attach = services.GetRequiredService<McpTools>().Service(CancellationToken.None).Attach,
                Stopping = services.GetRequiredService<ServerInstance>().Stopping,
            });
        }
    });
    await app.RunAsync();
    return 0;
}
finally
{
    Directory.Delete(folder.Root, recursive: true);
}
