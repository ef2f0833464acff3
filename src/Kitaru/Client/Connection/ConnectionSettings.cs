using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>What a client works on.</summary>
public enum ConnectionKind
{
    /// <summary>The embedded store, in this process.</summary>
    Embedded,

    /// <summary>The local server of this user, which has the embedded store open.</summary>
    LocalServer,

    /// <summary>A server that was named or logged in to.</summary>
    RemoteServer,
}

/// <summary>What a client works on, and why. Made by <see cref="KitaruClient.ReadConnection"/>.</summary>
public sealed record ConnectionSettings
{
    internal const string FromOptions = "runtime override (KitaruClientOptions)";
    internal const string FromUser = "global config";
    internal const string FromRepository = "repo-local config (.kitaru/)";
    internal const string FromLocalServer = "local server (local_server/server.json)";

    /// <summary>What it is.</summary>
    public required ConnectionKind Kind { get; init; }

    /// <summary>The server's address without a slash at its end; null for the embedded store.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The project that was asked for; null leaves it to the server.</summary>
    public string? Project { get; init; }

    /// <summary>Where the address comes from.</summary>
    public string? ServerUrlSource { get; init; }

    /// <summary>Where the token comes from.</summary>
    public string? TokenSource { get; init; }

    /// <summary>Where the project comes from.</summary>
    public string? ProjectSource { get; init; }

    /// <summary>What authenticates; not shown when this is printed.</summary>
    internal string? Token { get; init; }

    /// <summary>Whether calls need a project and none was named.</summary>
    internal bool LacksProject => Kind == ConnectionKind.RemoteServer && Project is null && ServerUrlSource == FromVariable(ConnectionVariables.ServerUrl);

    internal static string FromVariable(string name) => $"environment ({name})";

    /// <summary>Refuses what works on a project when none was named and none may be guessed.</summary>
    /// <exception cref="KitaruUsageException">It is so.</exception>
    internal ConnectionSettings WithProject() => !LacksProject ? this : throw new KitaruUsageException(
        $"{ConnectionVariables.ServerUrl} names a server and {ConnectionVariables.Project} is not set: which project to work on is not known.",
        $"Set {ConnectionVariables.Project} to a project's name or id, for example {ConnectionVariables.Project}=default.")
    {
        Details = new() { ["argument"] = ConnectionVariables.Project, ["expected"] = "a project's name or id", ["got"] = "nothing", ["example"] = "default" },
    };
}
