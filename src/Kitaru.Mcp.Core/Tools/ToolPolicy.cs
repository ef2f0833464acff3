using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Mcp.Tools;

/// <summary>Which tools there are for a caller. A policy is only ever made tighter.</summary>
internal sealed record ToolPolicy
{
    private const string ReadOnlyRule = "Tools that change something are switched off here (read-only mode).";

    /// <summary>All tools, on the caller's own machine.</summary>
    public static ToolPolicy Everything { get; } = new();

    /// <summary>Null for all.</summary>
    public IReadOnlySet<string>? Sets { get; init; }

    /// <summary>Why nothing may be changed; null when things may be.</summary>
    public string? ReadOnlyBecause { get; init; }

    /// <summary>The most that there is of the caller's machine: on a server for many, the store alone.</summary>
    public ToolNeeds Has { get; init; } = ToolNeeds.Machine;

    /// <summary>Whether a question is put to the user by every client that can do that, whatever answer it brings.</summary>
    public bool AsksUser { get; init; } = true;

    public bool Allows(KitaruTool tool) => WhyNot(tool) is null;

    /// <summary>The same policy without what is not named, and without changes if asked for.</summary>
    /// <exception cref="KitaruUsageException">There is no such set.</exception>
    public ToolPolicy Tighten(string? sets, bool readOnly)
    {
        var named = ToolPolicyWords.Sets(sets);
        return this with
        {
            Sets = named is null ? Sets : Sets is null ? named : named.Intersect(Sets).ToHashSet(StringComparer.Ordinal),
            ReadOnlyBecause = ReadOnlyBecause ?? (readOnly ? ReadOnlyRule : null),
        };
    }

    /// <summary>Throws when the tool is not for this caller: what is not listed cannot be called either.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">It is not; the message says why, and what there is instead.</exception>
    public void Check(KitaruTool tool)
    {
        if (WhyNot(tool) is not var (why, next))
            return;
        throw new KitaruFeatureNotAvailableException($"{tool.Name} is not available here: {why}", next) { Details = new JsonObject { ["tool"] = tool.Name } };
    }

    private (string Why, string Next)? WhyNot(KitaruTool tool)
    {
        if (tool.Needs > Has)
        {
            return tool.Needs == ToolNeeds.Sources
                ? ("this server builds no targets: it reads nothing from its own disk for others.",
                    "Start what is deployed with kitaru_deployments_invoke; to run or deploy from source, use kitaru-mcp where the source is, connected to this server.")
                : ("it is about the user's own machine, and this is a server.", "Use kitaru-mcp on that machine.");
        }
        if (ReadOnlyBecause is { } reason && !tool.Hints.ReadOnly)
            return (reason, "Read instead, or ask the user to have it done by somebody who may.");
        return Sets is null || Sets.Contains(tool.Toolset)
            ? null
            : ($"the toolset '{tool.Toolset}' is switched off.", $"Toolsets that are on: {string.Join(", ", Toolsets.All.Where(Sets.Contains))}. Whoever runs the server can switch on more.");
    }
}
