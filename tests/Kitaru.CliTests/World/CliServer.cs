using Kitaru.ControlPlane.Access;
using Kitaru.Core.Configuration;
using Kitaru.Server;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kitaru.CliTests;

/// <summary>A real server on loopback, on a store of its own, and the secret of its administrator.</summary>
internal sealed class CliServer : IAsyncDisposable
{
    public const string AdminSecret = "admin-secret-of-the-tests-0123456789abcdef";

    private readonly WebApplication _app;
    private readonly IProjectStores _stores;
    private readonly ServerAccess _access;
    private readonly ConfigDirectory _directory;

    private CliServer(WebApplication app, IProjectStores stores, ServerAccess access, ConfigDirectory directory)
    {
        (_app, _stores, _access, _directory) = (app, stores, access, directory);
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public string Url { get; }

    public static async Task<CliServer> StartAsync()
    {
        var directory = new ConfigDirectory(Directory.CreateTempSubdirectory("kitaru-cli-server-").FullName);
        var options = new ServerOptions { Directory = directory, Urls = "http://127.0.0.1:0", IsLocal = false, AdminSecret = AdminSecret };
        var stores = ServerStores.Of(options, _ => null);
        var access = await ServerStores.OpenAccessAsync(options, stores, CancellationToken.None);
        var app = KitaruServer.Build(options, new StoredProjects(access.Access, TimeProvider.System), stores, [new AccountsAuthenticator(access.Credentials)], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(access);
        });
        await app.StartAsync();
        return new CliServer(app, stores, access, directory);
    }

    /// <summary>Sets the variables that name it.</summary>
    public void ConnectTo(CliWorld world)
    {
        world.Variables["KITARU_SERVER_URL"] = Url;
        world.Variables["KITARU_AUTH_TOKEN"] = AdminSecret;
        world.Variables["KITARU_PROJECT"] = "default";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _access.DisposeAsync();
        await _stores.DisposeAsync();
        Directory.Delete(_directory.Root, recursive: true);
    }
}
