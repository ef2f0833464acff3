using System.Text.Json.Nodes;
using Kitaru.Client.Connection;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Http;

namespace Kitaru;

/// <summary>A login that was made.</summary>
/// <param name="Mode">Always <c>remote</c>.</param>
/// <param name="Url">The server.</param>
/// <param name="Project">The project that calls work on, by name.</param>
public sealed record LoginResult(string Mode, string Url, string? Project)
{
    /// <summary>As the command line prints it.</summary>
    public JsonObject ToJson() => new() { ["mode"] = Mode, ["url"] = Url, ["project"] = Project };
}

/// <summary>What a logout left.</summary>
/// <param name="Mode">What was left: <c>remote_server</c>, <c>local_server</c> or <c>local_store</c>.</param>
/// <param name="Target">Its address.</param>
/// <param name="LocalFallbackAvailable">Whether calls work on the embedded store now; null when they did before.</param>
/// <param name="LocalServerStopped">Whether a local server was stopped.</param>
/// <param name="Warning">What could not be done, or null.</param>
public sealed record LogoutResult(string Mode, string? Target, bool? LocalFallbackAvailable, bool LocalServerStopped, string? Warning)
{
    /// <summary>As the command line prints it.</summary>
    public JsonObject ToJson() => new()
    {
        ["mode"] = Mode,
        ["target"] = Target,
        ["local_fallback_available"] = LocalFallbackAvailable,
        ["local_server_stopped"] = LocalServerStopped,
    };
}

/// <content>Logging in and out.</content>
public sealed partial class KitaruClient
{
    /// <summary>The local server of this client's config directory.</summary>
    public LocalServerControl LocalServer { get; }

    /// <summary>
    /// Logs in to a server: asks it who the key is, then keeps the key in a file that only this user can read. From the next call on, every client of this config directory that is
    /// not told otherwise works on that server.
    /// </summary>
    /// <param name="server">The server's address.</param>
    /// <param name="apiKey">An API key of it.</param>
    /// <param name="project">The project to work on, by name or id; null leaves it to the server.</param>
    /// <param name="cancellationToken">Stops waiting for the server.</param>
    /// <exception cref="KitaruUsageException">The address is none, the server does not accept the key or project, or variables that name a server are set.</exception>
    /// <exception cref="KitaruBackendException">The server does not answer.</exception>
    public async Task<LoginResult> LoginAsync(string server, string apiKey, string? project = null, CancellationToken cancellationToken = default)
    {
        RefuseVariables("log in");
        if (ConnectionVariables.Given(apiKey) is not { } key)
            throw SettingsError.Of("apiKey", "", "an API key of the server", "a blank text", "\"kat_…\"");
        if (!server.Contains("://", StringComparison.Ordinal) && !server.Any(character => character is '.' or ':' or '/'))
        {
            throw new KitaruUsageException(
                $"'{Texts.Short(server, 80)}' is no address; names of managed workspaces are not known here.", "Name the server by its address, such as https://kitaru.example.");
        }
        var url = ServerAddress.Parse(server.Trim(), nameof(server), EnvironmentOf);
        var asked = ConnectionVariables.Given(project);
        using var probe = new ServerProbe(url, key, TimeSpan.FromSeconds(15));
        _ = await probe.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var user = await probe.GetUserAsync(asked, cancellationToken).ConfigureAwait(false);
        // The key first: an address without one is an error for every client.
        await new Credentials(Directory).SaveAsync(url, key, Time, cancellationToken).ConfigureAwait(false);
        await new StoredLogin(url, asked is null ? null : user.ProjectId).SaveAsync(Directory, Time, cancellationToken).ConfigureAwait(false);
        return new LoginResult("remote", url, user.ProjectName);
    }

    /// <summary>Forgets the login and its key, and stops the local server. Clients of this config directory work on the embedded store from then on.</summary>
    /// <exception cref="KitaruUsageException">Variables that name a server are set, or the settings cannot be written.</exception>
    public async Task<LogoutResult> LogoutAsync(CancellationToken cancellationToken = default)
    {
        RefuseVariables("log out");
        var url = StoredLogin.Read(Directory.Settings, Directory).ServerUrl;
        // The settings first: what fails afterwards leaves a key too many, and no half state.
        await new StoredLogin(null, null).SaveAsync(Directory, Time, cancellationToken).ConfigureAwait(false);
        if (url is not null)
            await new Credentials(Directory).SaveAsync(url.TrimEnd('/'), null, Time, cancellationToken).ConfigureAwait(false);
        LocalServerStop stopped;
        string? warning = null;
        try
        {
            stopped = await LocalServer.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruException fault)
        {
            (stopped, warning) = (new LocalServerStop(false, null), $"{fault.Message} {fault.NextStep}");
        }
        return url is not null ? new LogoutResult("remote_server", url, true, stopped.Stopped, warning)
            : stopped.Url is not null ? new LogoutResult("local_server", stopped.Url, true, stopped.Stopped, warning)
            : new LogoutResult("local_store", Client.Status.RuntimeSnapshots.StoreAddress(Directory), null, false, warning);
    }

    private void RefuseVariables(string what)
    {
        if (ConnectionVariables.Set(EnvironmentOf) is { Count: > 0 } set)
            throw new KitaruUsageException($"You cannot {what} while {string.Join(" and ", set)} {(set.Count == 1 ? "is" : "are")} set: they would win.", $"Unset {string.Join(" and ", set)}, then call again.");
    }
}
