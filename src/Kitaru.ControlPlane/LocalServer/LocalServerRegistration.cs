using System.Text.Json;
using System.Text.Json.Serialization;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>The local server of a config directory, as whoever started it wrote it down.</summary>
/// <param name="Url">Its address.</param>
/// <param name="InstanceId">What the server itself answers when it is asked who it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="Process">Its process.</param>
/// <param name="IsReady">Whether it has answered once.</param>
public sealed record LocalServerRegistration(string Url, string InstanceId, string Version, ProcessIdentity Process, bool IsReady)
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Where it lies.</summary>
    public static string PathIn(ConfigDirectory config) => Path.Combine(config.LocalServer, "server.json");

    /// <summary>Where the server's token lies.</summary>
    public static string TokenPathIn(ConfigDirectory config) => Path.Combine(config.LocalServer, "token");

    /// <summary>Where the server writes its log.</summary>
    public static string LogPathIn(ConfigDirectory config) => Path.Combine(config.LocalServer, "service.log");

    /// <summary>Null when there is none, or what is there is of another kind: a registration is no setting that anybody writes by hand.</summary>
    public static LocalServerRegistration? Read(string path)
    {
        try
        {
            return PrivateFile.ReadText(path, BytesMax) is { } text && JsonSerializer.Deserialize<LocalServerRegistration>(text, KitaruJson.Options) is
            { Url.Length: > 0, InstanceId.Length: > 0, Process: { ProcessId: > 0, Machine: not null } } registration
                && Uri.TryCreate(registration.Url, UriKind.Absolute, out var address) && address.IsLoopback
                    ? registration
                    : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The token; null when it cannot be read.</summary>
    public static string? ReadToken(string path)
    {
        try
        {
            return ConnectionVariables.Given(PrivateFile.ReadText(path, BytesMax));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Puts it in the place of the one before.</summary>
    internal void Write(ConfigDirectory config) => PrivateFile.Replace(PathIn(config), JsonSerializer.Serialize(this, KitaruJson.Options) + "\n");

    /// <summary>Whether this very process runs here: its number, its start and the machine are those that were written down.</summary>
    [JsonIgnore]
    public bool IsAlive => ProcessIdentities.Of(Process.ProcessId) is { } now && now == Process;
}
