using System.Net.Http.Headers;
using Kitaru.Client.Http;
using Kitaru.ControlPlane;
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

namespace Kitaru.ServerTests;

/// <summary>A real server on loopback, on a SQLite store in a folder of its own, with two projects and a token for each role.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;
    private IAsyncDisposable? _access;

    private TestServer(WebApplication app, IProjectStores stores, ConfigDirectory directory, bool ownsDirectory)
    {
        (_app, Stores, Directory, _ownsDirectory) = (app, stores, directory, ownsDirectory);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public IProjectStores Stores { get; }

    public ConfigDirectory Directory { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The default project's store, past HTTP.</summary>
    public Task<IControlPlane> StoreAsync() => Stores.OpenAsync(OneProject.Default, CancellationToken.None);

    public static async Task<TestServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null, ConfigDirectory? directory = null)
    {
        var ownsDirectory = directory is null;
        directory ??= new ConfigDirectory(System.IO.Directory.CreateTempSubdirectory("kitaru-server-").FullName);
        var options = new ServerOptions { Directory = directory, Urls = "http://127.0.0.1:0", IsLocal = false, AdminSecret = TestTokens.Admin, FailuresPerMinute = 100_000 };
        options = change?.Invoke(options) ?? options;
        var stores = ServerStores.Of(options, _ => null);
        var access = await ServerStores.OpenAccessAsync(options, stores, CancellationToken.None);
        var app = KitaruServer.Build(options, new TestProjects(), stores, [new AdminAuthenticator(options.AdminSecret), new TestTokens()], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(access);
        });
        await app.StartAsync();
        var server = new TestServer(app, stores, directory, ownsDirectory);
        server._access = access;
        return server;
    }

    /// <summary>A client that says just what it is told to.</summary>
    public HttpClient Http(string? token = TestTokens.Admin, string? project = null)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (project is not null)
            http.DefaultRequestHeaders.Add("Kitaru-Project", project);
        return http;
    }

    public async Task<HttpControlPlane> ConnectAsync(string token = TestTokens.Admin, HttpMessageHandler? handler = null, string? project = null)
    {
        var plane = await HttpControlPlane.ConnectAsync(new HttpConnection { Server = Address, Token = _ => ValueTask.FromResult<string?>(token), Handler = handler, Project = project });
        _opened.Add(plane);
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.DisposeAsync();
        await _app.DisposeAsync();
        if (_access is not null)
            await _access.DisposeAsync();
        await Stores.DisposeAsync();
        if (_ownsDirectory)
            System.IO.Directory.Delete(Directory.Root, recursive: true);
    }
}
