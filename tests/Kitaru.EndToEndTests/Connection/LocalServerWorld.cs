using System.Diagnostics;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core.Configuration;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Connection;

/// <summary>A config directory whose local server is started and stopped, by this process and by kitaru-mcp.</summary>
internal sealed class LocalServerWorld : IAsyncDisposable
{
    public Home Home { get; } = new();

    public Dictionary<string, string> Variables { get; } = new() { ["KITARU_SERVER_PATH"] = Path.Combine(Path.GetDirectoryName(Programs.Server)!, "server") };

    public LocalServerRegistration? Registration => LocalServerRegistration.Read(LocalServerRegistration.PathIn(Home.Directories));

    public KitaruClient Client() => KitaruClient.Connect(new KitaruClientOptions
    {
        ConfigPath = Home.Config,
        WorkingDirectory = Home.Root,
        Environment = name => Variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name),
    });

    /// <summary>Changes what is written down about the server.</summary>
    public void Rewrite(Action<JsonObject> change)
    {
        var path = LocalServerRegistration.PathIn(Home.Directories);
        var text = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(text);
        PrivateFile.Replace(path, text.ToJsonString());
    }

    public static void Signal(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (Registration is { IsAlive: true })
        {
            await using var kitaru = Client();
            await kitaru.LocalServer.StopAsync();
        }
        await Home.CloseAsync();
    }
}
