using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What names, versions and tags of deployments may be (platform.md 1.4). Each check returns the value as it is stored.</summary>
public static class DeploymentRules
{
    /// <summary>The reserved tag: always exclusive, on the flow's first deployment from the beginning, moved but never removed.</summary>
    public const string DefaultTag = "default";

    /// <summary>How long a flow's name may be.</summary>
    public const int FlowCharsMax = 512;

    /// <summary>How long a tag may be.</summary>
    public const int TagCharsMax = 128;

    /// <summary>How many tags one version carries.</summary>
    public const int TagsMax = 64;

    private const string FlowSeparator = "::";
    private const string TagNamespace = "kitaru:deployment:";

    /// <summary>Inputs of these names cannot be given to a flow that is deployed: deploy has arguments of its own under them (platform.md 1.8).</summary>
    public static IReadOnlyList<string> ReservedInputs { get; } = ["cache", "image", "retries", "stack", "tags"];

    /// <summary>A flow's name without blanks around it.</summary>
    /// <exception cref="KitaruUsageException">It is blank, too long, has control characters, or contains <c>::</c>.</exception>
    public static string Flow(string flow)
    {
        var name = flow.Trim();
        if (name.Length is 0 or > FlowCharsMax || name.Any(char.IsControl))
            throw Wrong("flow", $"a flow's name of 1 to {FlowCharsMax} characters without control characters", flow, "\"research_agent\"");
        if (name.Contains(FlowSeparator, StringComparison.Ordinal))
            throw Wrong("flow", $"a flow's name, which may not contain '{FlowSeparator}'", flow, "\"research_agent\"");
        return name;
    }

    /// <summary>A tag without blanks around it; upper and lower case differ.</summary>
    /// <exception cref="KitaruUsageException">It is blank, too long, has control characters, or is in Kitaru's own namespace.</exception>
    public static string Tag(string tag)
    {
        var name = tag.Trim();
        if (name.Length is 0 or > TagCharsMax || name.Any(char.IsControl))
            throw Wrong("tag", $"a tag of 1 to {TagCharsMax} characters without control characters", tag, "\"canary\"");
        if (name.StartsWith(TagNamespace, StringComparison.Ordinal))
            throw Wrong("tag", $"a tag outside the kitaru: namespace, which is Kitaru's own ('{TagNamespace}…' is reserved)", tag, "\"canary\"");
        return name;
    }

    /// <summary>A version number.</summary>
    /// <exception cref="KitaruUsageException">It is less than 1.</exception>
    public static int Version(int version) =>
        version >= 1 ? version : throw Wrong("version", "a whole number of at least 1", version.ToString(System.Globalization.CultureInfo.InvariantCulture), "1");

    /// <summary>The tags of a new deployment; <c>default</c> is exclusive whatever was asked.</summary>
    /// <exception cref="KitaruUsageException">One is no tag, one is named twice, or there are too many.</exception>
    public static IReadOnlyDictionary<string, bool> Tags(IReadOnlyDictionary<string, bool> tags)
    {
        var checkedTags = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (given, exclusive) in tags)
        {
            var tag = Tag(given);
            if (!checkedTags.TryAdd(tag, IsExclusive(tag, exclusive)))
                throw Wrong("tags", $"each tag once; '{Texts.Short(tag)}' differs from another one only in blanks around it", given, "{\"canary\": true}");
        }
        return checkedTags.Count <= TagsMax
            ? checkedTags
            : throw Wrong("tags", $"at most {TagsMax} tags", $"{checkedTags.Count} tags", "{\"canary\": true}");
    }

    /// <summary>Whether the tag leaves every other version when it is put on one.</summary>
    public static bool IsExclusive(string tag, bool asked) => asked || tag == DefaultTag;

    /// <summary>Refuses a version together with a tag.</summary>
    /// <exception cref="KitaruUsageException">Both are given.</exception>
    public static void CheckSelector(int? version, string? tag)
    {
        if (version is not null && tag is not null)
        {
            throw new KitaruUsageException(
                $"version ({version}) and tag ('{Texts.Short(tag)}') were both given; a deployment is named by one of them.",
                $"Call again with version={version}, or with tag=\"{Texts.Short(tag, 80)}\".")
            {
                Details = new JsonObject { ["argument"] = "version", ["expected"] = "version or tag, not both", ["got"] = "both" },
            };
        }
    }

    private static KitaruUsageException Wrong(string argument, string expected, string got, string example) =>
        new($"Argument '{argument}': expected {expected}, got '{Texts.Short(got, 80)}'.", $"Call again with {argument}={example}.")
        {
            Details = new JsonObject { ["argument"] = argument, ["expected"] = expected, ["got"] = Texts.Short(got, 80), ["example"] = example },
        };
}
