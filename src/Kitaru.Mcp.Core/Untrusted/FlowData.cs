using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Untrusted;

/// <summary>The mark of what may carry text that a flow has made, or whoever deployed it: data, whatever it says.</summary>
internal static class FlowData
{
    /// <summary>The key in <c>_meta</c> of results and of contents of resources.</summary>
    public const string Key = "kitaru/untrusted";

    private static readonly string[] Sets = [Toolsets.Executions, Toolsets.Replay, Toolsets.Deployments, Toolsets.Flows];

    /// <summary>Whether tools of this set answer with such text.</summary>
    public static bool IsIn(string toolset) => Sets.Contains(toolset);

    /// <summary>With the mark, beside what is there.</summary>
    public static JsonObject Mark(JsonObject? meta)
    {
        meta ??= [];
        meta[Key] = true;
        return meta;
    }
}
