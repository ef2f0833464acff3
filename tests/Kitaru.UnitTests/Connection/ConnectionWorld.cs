using Kitaru.Client.Connection;
using Kitaru.Client.Stacks;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core.Configuration;

namespace Kitaru.UnitTests.Connection;

/// <summary>A config directory, an environment and clients of both.</summary>
internal sealed class ConnectionWorld : IDisposable
{
    public ConnectionWorld() => Directory.CreateDirectory(Config.Root);

    public string Folder { get; } = Directory.CreateTempSubdirectory("kitaru-connection-").FullName;

    public ConfigDirectory Config => new(Path.Combine(Folder, "config"));

    public Dictionary<string, string> Variables { get; } = [];

    public KitaruClient Client(string? url = null, string? token = null, string? project = null, Func<KitaruClientOptions, KitaruClientOptions>? with = null)
    {
        var options = new KitaruClientOptions
        {
            ConfigPath = Config.Root,
            WorkingDirectory = Folder,
            Environment = name => Variables.GetValueOrDefault(name),
            ServerUrl = url,
            AuthToken = token,
            Project = project,
        };
        return KitaruClient.Connect(with is null ? options : with(options));
    }

    public async Task LogInAsync(string url, string key, string? project = null)
    {
        await new Credentials(Config).SaveAsync(url, key, TimeProvider.System, CancellationToken.None);
        await new StoredLogin(url, project).SaveAsync(Config, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Registers this test's own process as the local server.</summary>
    public void Register(string url = "http://127.0.0.1:8383", bool isReady = true, bool isAlive = true)
    {
        var process = ProcessIdentities.Current();
        PrivateFile.Replace(LocalServerRegistration.TokenPathIn(Config), "local-token\n");
        new LocalServerRegistration(url, "instance", "0.1.0", isAlive ? process : process with { StartedAtTicks = process.StartedAtTicks + 1 }, isReady).Write(Config);
    }

    public void WriteSettings(string text) => File.WriteAllText(Config.Settings, text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
