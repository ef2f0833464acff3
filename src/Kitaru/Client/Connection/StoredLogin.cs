using Kitaru.Client.Stacks;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>What the settings files say about the connection.</summary>
/// <param name="ServerUrl">The server that was logged in to.</param>
/// <param name="Project">The active project.</param>
internal sealed record StoredLogin(string? ServerUrl, string? Project)
{
    private const string UrlKey = "server_url";
    private const string ProjectKey = "active_project_id";

    public static StoredLogin Read(string path, ConfigDirectory config)
    {
        var file = new ConfigFile(path, config);
        return new StoredLogin(file.Read(UrlKey), file.Read(ProjectKey));
    }

    /// <summary>Writes it into the user's settings. The address comes last when it is set, and first when it is taken away: a program that looks meanwhile sees no half of it.</summary>
    public async Task SaveAsync(ConfigDirectory config, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = new ConfigFile(config.Settings, config);
        (string Key, string? Value)[] values = [(ProjectKey, Project), (UrlKey, ServerUrl)];
        foreach (var (key, value) in ServerUrl is null ? values.Reverse() : values)
            await file.WriteAsync(key, value, time, cancellationToken).ConfigureAwait(false);
    }
}
