namespace Kitaru.Server.Mcp.Streaming;

/// <summary>What one client can take from the others: bounded.</summary>
internal sealed record StreamingLimits
{
    /// <summary>How many bytes a message may have.</summary>
    public long MessageBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>How deep a message may be nested.</summary>
    public int MessageDepthMax { get; init; } = 64;

    /// <summary>How many sessions there are at once; only protocol versions before 2026-07-28 have any.</summary>
    public int SessionsMax { get; init; } = 1000;

    /// <summary>How many of them one owner may have; the one that was idle longest makes room for another.</summary>
    public int SessionsPerOwnerMax { get; init; } = 100;

    /// <summary>How long a session is kept in which nothing happens.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);
}
