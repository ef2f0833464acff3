using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core.Configuration;

namespace Kitaru.EndToEndTests.World;

/// <summary>A config directory and a source folder, with the embedded store opened.</summary>
public sealed class BuildWorld : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    private BuildWorld()
    {
        Config = new ConfigDirectory(_folder.PathOf("config"));
        Directory.CreateDirectory(Source);
    }

    public ConfigDirectory Config { get; }

    public StoreControlPlane ControlPlane { get; private set; } = null!;

    public string Source => _folder.PathOf("src");

    /// <summary>What the builder reported; empty means that nothing was built.</summary>
    public List<string> Progress { get; } = [];

    public static async Task<BuildWorld> OpenAsync()
    {
        var world = new BuildWorld();
        world.ControlPlane = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = world.Config });
        return world;
    }

    public string Write(string relative, string text) => _folder.Write(Path.Combine("src", relative), text);

    public TargetBuilder Builder() => new(Config, ControlPlane.Snapshots);

    public Task<BuiltTarget> BuildAsync(string target)
    {
        Progress.Clear();
        return Builder().BuildAsync(target, Source, new Recorder(Progress));
    }

    public async ValueTask DisposeAsync()
    {
        await ControlPlane.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Recorder(List<string> lines) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (lines)
                lines.Add(value);
        }

    }
}
