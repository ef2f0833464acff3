using Kitaru.Core;

namespace Kitaru.Mcp.Tools;

/// <summary>What operators and clients write to choose tools.</summary>
internal static class ToolPolicyWords
{
    public const string SetsVariable = "KITARU_MCP_TOOLSETS";

    public const string ReadOnlyVariable = "KITARU_MCP_READ_ONLY";

    public const string UnaskedVariable = "KITARU_MCP_ANSWER_UNASKED";

    private const string AllSets = "all";

    /// <summary>What the environment says; more tight are the options of a program.</summary>
    /// <exception cref="KitaruUsageException">It is not known.</exception>
    public static ToolPolicy FromEnvironment(Func<string, string?> environment) => (ToolPolicy.Everything with { AsksUser = !Flag(UnaskedVariable, environment(UnaskedVariable)) }).Tighten(
        environment(SetsVariable), Flag(ReadOnlyVariable, environment(ReadOnlyVariable)));

    /// <summary>Names of sets between commas; null for all.</summary>
    /// <exception cref="KitaruUsageException">There is no such set.</exception>
    public static IReadOnlySet<string>? Sets(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (names.Contains(AllSets))
            return null;
        if (names.FirstOrDefault(name => !Toolsets.All.Contains(name)) is { } unknown)
        {
            throw new KitaruUsageException(
                $"There is no toolset '{Texts.Short(unknown, 80)}'.{Texts.DidYouMean(unknown, Toolsets.All)}", $"Name some of {string.Join(", ", Toolsets.All)}, or {AllSets}, with commas between them.");
        }
        return names;
    }

    /// <summary>Unset and empty are false: somebody who writes anything unknown wants to be asked, not to have it ignored.</summary>
    /// <exception cref="KitaruUsageException">It is neither true nor false.</exception>
    public static bool Flag(string name, string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw new KitaruUsageException($"{name} must be true or false; it is '{Texts.Short(other, 40)}'.", $"Set {name}=true, or leave it out."),
    };
}
