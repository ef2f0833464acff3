using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;

namespace Kitaru.Client.Connection;

/// <summary>The keys of servers that were logged in to, by their address, in a file that only its owner can read.</summary>
internal sealed class Credentials(ConfigDirectory config)
{
    private const int BytesMax = 256 * 1024;
    private const string Servers = "servers";
    private const string ApiKey = "api_key";

    /// <summary>All of them.</summary>
    /// <exception cref="KitaruUsageException">The file cannot be read, or others may read it.</exception>
    public static IReadOnlyDictionary<string, string> Load(string path) =>
        Read(path)[Servers]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value![ApiKey]!.GetValue<string>(), StringComparer.Ordinal);

    /// <summary>Keeps a server's key; null forgets it. Keys of other servers, and what a later version may have written beside them, stay.</summary>
    /// <exception cref="KitaruUsageException">The file cannot be read or written.</exception>
    public async Task SaveAsync(string server, string? apiKey, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = config.Credentials;
        try
        {
            ConfigDirectory.Ensure(config.Locks);
            using var held = await FileLock.AcquireAsync(Path.Combine(config.Locks, "credentials.lock"), time, cancellationToken).ConfigureAwait(false);
            var all = Read(path);
            var servers = all[Servers]!.AsObject();
            if (apiKey is null && !servers.Remove(server))
                return;
            if (apiKey is not null)
                servers[server] = new JsonObject { [ApiKey] = apiKey, ["saved_at"] = time.GetUtcNow().UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture) };
            PrivateFile.Replace(path, KitaruJson.Write(all) + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"it cannot be written: {fault.Message}", "Make it and its folder writable for this user.");
        }
    }

    private static JsonObject Read(string path)
    {
        string? text;
        try
        {
            text = PrivateFile.ReadText(path, BytesMax);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"it cannot be read: {fault.Message}", "Correct that, or move the file away and log in again.");
        }
        if (string.IsNullOrWhiteSpace(text))
            return new JsonObject { ["version"] = 1, [Servers] = new JsonObject() };
        try
        {
            if (KitaruJson.Parse(text) is JsonObject all && all[Servers] is JsonObject servers && servers.All(pair => HasKey(pair.Value)))
                return all;
        }
        catch (JsonException)
        {
            // Said below, without anything of what it holds.
        }
        throw Bad(path, "it is not JSON of this kind", "Move the file away and log in again.");
    }

    private static bool HasKey(JsonNode? server) => server is JsonObject members && members[ApiKey] is JsonValue key && key.GetValueKind() == JsonValueKind.String;

    private static KitaruUsageException Bad(string path, string why, string next) => new($"The credentials in {path} cannot be used: {why}.", next)
    {
        Details = new() { ["argument"] = path },
    };
}
