namespace Kitaru.EndToEndTests.World;

/// <summary>A test with a home of its own that must leave no process behind.</summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    private readonly List<McpServer> _servers = [];

    private protected Home Home { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await Home.CloseAsync();
    }

    private protected async Task<McpServer> StartServerAsync(IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? through = null)
    {
        var server = await McpServer.StartAsync(Home, environment, through);
        _servers.Add(server);
        return server;
    }

    private protected async Task StopAsync(McpServer server)
    {
        _servers.Remove(server);
        await server.DisposeAsync();
    }
}
