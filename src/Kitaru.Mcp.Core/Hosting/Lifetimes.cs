using Kitaru.Mcp.Flows;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>For how long clients may keep what they were told, and for whom.</summary>
internal static class Lifetimes
{
    /// <summary>Lists that only an update or the operator changes.</summary>
    public static TimeSpan OfLists { get; } = TimeSpan.FromHours(1);

    /// <summary>The list of tools: a deployed flow may become one at any time, and not every client listens.</summary>
    public static TimeSpan OfTools(RequestScope scope) => FlowTools.AreOn(scope.Policy) ? TimeSpan.FromMinutes(1) : OfLists;

    /// <summary>Values that never change.</summary>
    public static TimeSpan OfValues { get; } = TimeSpan.FromHours(1);

    /// <summary>What a principal may see is nobody else's to keep.</summary>
    public static CacheScope ScopeOf(RequestScope scope) => scope.Principal is null ? CacheScope.Public : CacheScope.Private;
}
