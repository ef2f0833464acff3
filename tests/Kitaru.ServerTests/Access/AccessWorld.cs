using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Client.Http;
using Kitaru.ControlPlane.Access;
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

namespace Kitaru.ServerTests.Access;

/// <summary>The real server with its accounts, on loopback, in a folder of its own; and what a caller needs.</summary>
internal sealed class AccessWorld : IAsyncDisposable
{
    public const string AdminSecret = "the-admin-secret-of-these-tests-is-long";

    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-access-").FullName;
    private readonly List<IAsyncDisposable> _opened = [];

    public ConfigDirectory Config => new(_folder);

    public HttpClient Http { get; private init; } = new();

    public Uri Url { get; private set; } = null!;

    public ServerAccess Access { get; private set; } = null!;

    /// <summary>Through the wire, as an administrator.</summary>
    public IServerAccess Admin { get; private set; } = null!;

    public static async Task<AccessWorld> StartAsync(TimeProvider? time = null)
    {
        var world = new AccessWorld();
        await world.StartServerAsync(time ?? TimeProvider.System);
        return world;
    }

    /// <summary>Another replica on the same stores.</summary>
    public async Task<Uri> StartServerAsync(TimeProvider time)
    {
        var options = new ServerOptions { Directory = Config, Urls = "http://127.0.0.1:0", IsLocal = false, AdminSecret = AdminSecret };
        var stores = ServerStores.Of(options, _ => null);
        var access = await ServerAccess.OpenSqliteAsync(Config, AdminSecret, "admin", time, stores.RemoveAsync, CancellationToken.None);
        var app = KitaruServer.Build(options, new StoredProjects(access.Access, time), stores, [new AccountsAuthenticator(access.Credentials)], builder =>
        {
            builder.Services.AddSingleton(access);
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        _opened.AddRange([stores, access, app]);
        var url = AddressOf(app);
        if (Url is not null)
            return url;
        (Url, Access) = (url, access);
        Admin = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Path.Combine(_folder, "client"), ServerUrl = url.ToString(), AuthToken = AdminSecret, Environment = _ => null }).OpenAccess();
        return url;
    }

    /// <summary>A key of a new account with this role in a project.</summary>
    public async Task<string> KeyAsync(Role? role, string project = "default", string? name = null)
    {
        name ??= $"account-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await Admin.CreateAccountAsync(new NewServiceAccount { Name = name });
        if (role is not null)
            await Admin.SetRoleAsync(name, project, role);
        return (await Admin.CreateKeyAsync(name, new NewApiKey { Name = "main" })).Key;
    }

    public async Task<(int Status, JsonObject Body, string Text)> SendAsync(
        HttpMethod method, string path, string? token, string? project = null, string? body = null, Uri? at = null, string? execution = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(at ?? Url, "/api/v1/" + path));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (project is not null)
            request.Headers.Add("Kitaru-Project", project);
        if (execution is not null)
            request.Headers.TryAddWithoutValidation("Kitaru-Execution", execution);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [], text);
    }

    public async Task<HttpControlPlane> ConnectAsync(string token, string? project = null)
    {
        var plane = await HttpControlPlane.ConnectAsync(new HttpConnection { Server = Url, Token = _ => ValueTask.FromResult<string?>(token), Project = project });
        _opened.Add(plane);
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Uri AddressOf(WebApplication server) => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
