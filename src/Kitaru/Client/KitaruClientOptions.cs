using Kitaru.Client.Connection;
using Kitaru.Client.Status;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Hosting;

namespace Kitaru;

/// <summary>Where a client connects to.</summary>
public sealed record KitaruClientOptions
{
    /// <summary>The config directory with the embedded store.</summary>
    /// <value>Default: <c>KITARU_CONFIG_PATH</c>, else the platform's own place.</value>
    public string? ConfigPath { get; init; }

    /// <summary>A server's address; with it goes <see cref="AuthToken"/>.</summary>
    /// <value>Default: <c>KITARU_SERVER_URL</c>, else the server that was logged in to, else the local server if it runs, else the embedded store.</value>
    public string? ServerUrl { get; init; }

    /// <summary>An API key or a token of the server at <see cref="ServerUrl"/>.</summary>
    public string? AuthToken { get; init; }

    /// <summary>The project to work on: its name or id.</summary>
    /// <value>Default: <c>KITARU_PROJECT</c>, else the active project, else the only one there is access to, else <c>default</c>.</value>
    public string? Project { get; init; }

    /// <summary>Who answers waits and cancels, for the record.</summary>
    /// <value>Default: the user's name.</value>
    public string Principal { get; init; } = System.Environment.UserName;

    /// <summary>Where pages that compare executions are shown, for links in results; null for no links.</summary>
    /// <value>Default: <c>KITARU_UI_URL</c>.</value>
    public string? UiUrl { get; init; } = System.Environment.GetEnvironmentVariable("KITARU_UI_URL");

    /// <summary>Settings of this client's executions; calls and flows override them, and they override the environment (docs/configuration.md).</summary>
    public ExecutionSettings Defaults { get; init; } = new();

    /// <summary>From where the project is looked for, upwards: its active stack (<c>.kitaru</c>) and its settings (<c>kitaru.json</c>).</summary>
    /// <value>Default: the process's working directory.</value>
    public string? WorkingDirectory { get; init; }

    /// <summary>The environment variables that settings are read from.</summary>
    /// <value>Default: those of the process.</value>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether this client works for people elsewhere: it opens none of their targets and keeps none of their settings on this machine's disk.</summary>
    internal bool IsForOthers { get; init; }

    /// <summary>What the client is connected to, when whoever made it knows; null to find out.</summary>
    internal ConnectionReport? Connected { get; init; }

    /// <summary>How flows of this program run.</summary>
    internal ProgramHosting Hosting { get; init; } = new();

    /// <summary>Opens the control plane of a server.</summary>
    internal Func<ConnectionSettings, KitaruClientOptions, CancellationToken, Task<IControlPlane>> OpenServer { get; init; } = ServerControlPlane.OpenAsync;

    /// <summary>Printed without the token.</summary>
    public override string ToString() => $"{nameof(KitaruClientOptions)} {{ ConfigPath = {ConfigPath}, ServerUrl = {ServerUrl}, Project = {Project}, Principal = {Principal} }}";

    internal ConfigDirectory Directory => ConfigPath is { Length: > 0 } path
        ? new ConfigDirectory(path)
        : ConfigDirectory.Resolve(Environment);
}
