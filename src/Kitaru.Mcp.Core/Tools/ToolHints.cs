namespace Kitaru.Mcp.Tools;

/// <summary>All four annotations of a tool: a hint that is left out would read as "destructive, open world".</summary>
/// <param name="ReadOnly">It changes nothing.</param>
/// <param name="Destructive">It may end or remove something.</param>
/// <param name="Idempotent">Again with the same arguments changes nothing more.</param>
/// <param name="OpenWorld">It runs code that may reach beyond Kitaru.</param>
internal sealed record ToolHints(bool ReadOnly, bool Destructive, bool Idempotent, bool OpenWorld)
{
    public static ToolHints Read { get; } = new(ReadOnly: true, Destructive: false, Idempotent: true, OpenWorld: false);
}
