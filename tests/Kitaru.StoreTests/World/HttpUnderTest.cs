using Kitaru.Client.Http;
using Kitaru.Core;
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

namespace Kitaru.StoreTests;

/// <summary>Another store behind the real server, on loopback. Each opening is a replica of its own.</summary>
internal sealed class HttpUnderTest(IStoreUnderTest store) : IStoreUnderTest
{
    private const string Secret = "a-secret-of-the-tests-that-is-long-enough";
    private readonly List<IAsyncDisposable> _opened = [];

    public HttpUnderTest()
        : this(new SqliteUnderTest())
    {
    }

    public ManualTime Time => store.Time;

    public async Task<IControlPlane> OpenAsync()
    {
        var options = new ServerOptions { Directory = new ConfigDirectory("unused"), Urls = "http://127.0.0.1:0", IsLocal = false, AdminSecret = Secret };
        var opened = await store.OpenAsync();
        var stores = new OpenedStores("sqlite", opened.Workers.LeaseDuration, options.Directory, (_, _, _) => Task.FromResult(opened), (_, _) => Task.CompletedTask);
        var server = KitaruServer.Build(
            options, new OneProject(), stores, [new AdminAuthenticator(Secret)], builder => builder.Logging.ClearProviders());
        await server.StartAsync();
        _opened.Add(server);
        var plane = await HttpControlPlane.ConnectAsync(new HttpConnection { Server = AddressOf(server), Token = _ => ValueTask.FromResult<string?>(Secret) });
        _opened.Add(plane);
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
        await store.DisposeAsync();
    }

    private static Uri AddressOf(WebApplication server) =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
