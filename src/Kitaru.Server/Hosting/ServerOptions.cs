using Kitaru.Core.Configuration;
using Kitaru.Server.Mcp;

namespace Kitaru.Server;

/// <summary>How a server is to run.</summary>
internal sealed record ServerOptions
{
    public const string AdminSecretVariable = "KITARU_SERVER_ADMIN_SECRET";

    public const string DatabaseVariable = "KITARU_SERVER_DATABASE";

    /// <summary>The config directory: the SQLite stores, the local server's token, staged code.</summary>
    public required ConfigDirectory Directory { get; init; }

    /// <summary>Where it listens.</summary>
    public required string Urls { get; init; }

    /// <summary>For the user of this machine only: on loopback, with workers of its own.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>A PostgreSQL connection string; null for SQLite in the config directory.</summary>
    public string? Database { get; init; }

    /// <summary>What an administrator authenticates with.</summary>
    public required string AdminSecret { get; init; }

    /// <summary>What the server calls this start of it; null for a new name.</summary>
    public string? Instance { get; init; }

    /// <summary>What is said of MCP.</summary>
    public McpOptions Mcp { get; init; } = new();

    /// <summary>How many requests a minute one address may make without a valid token, before it gets no more answers.</summary>
    public int FailuresPerMinute { get; init; } = 60;

    /// <summary>How many requests a second each principal may make.</summary>
    public int RequestsPerSecond { get; init; } = 5000;

    /// <summary>How many bytes a request may have unless its address takes more.</summary>
    public long BodyBytesMax { get; init; } = 30 * 1024 * 1024;

    /// <summary>How many connections are open at once.</summary>
    public int ConnectionsMax { get; init; } = 4096;
}
