using System.Text.Json.Nodes;
using Kitaru.Core;
using YamlDotNet.Core;

namespace Kitaru.Cli.Stacks;

/// <summary>Options of components as they are typed: <c>TARGET.FIELD[.SUB...]=VALUE</c>, the value in YAML; later ones win.</summary>
internal static class ExtraOptions
{
    private const string Example = "Write for example --extra orchestrator.concurrency=4.";

    /// <summary>Puts them on top of what is there; null when there is nothing at all.</summary>
    public static JsonObject? Merge(JsonObject? below, IEnumerable<string> given)
    {
        var result = (JsonObject?)below?.DeepClone();
        foreach (var text in given)
        {
            var (path, value) = Parse(text);
            var at = result ??= [];
            foreach (var part in path[..^1])
                at = at[part] as JsonObject ?? (JsonObject)(at[part] = new JsonObject())!;
            if (value is JsonObject more && at[path[^1]] is JsonObject existing)
                MergeInto(existing, more);
            else
                at[path[^1]] = value;
        }
        return result;
    }

    private static (string[] Path, JsonNode? Value) Parse(string text)
    {
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        var path = sign > 0 ? text[..sign].Split('.') : [];
        if (path.Length < 2 || path.Any(string.IsNullOrWhiteSpace) || sign + 1 == text.Length)
            throw new KitaruUsageException($"--extra: expected TARGET.FIELD=VALUE, got '{Texts.Short(text, 80)}'.", Example);
        try
        {
            return (path, YamlReader.Read(text[(sign + 1)..]));
        }
        catch (YamlException fault)
        {
            throw new KitaruUsageException($"--extra {Texts.Short(text[..sign], 80)}: the value is not YAML: {Texts.Short(fault.Message)}.", Example);
        }
    }

    private static void MergeInto(JsonObject target, JsonObject more)
    {
        foreach (var (key, value) in more)
        {
            if (value is JsonObject inner && target[key] is JsonObject existing)
                MergeInto(existing, inner);
            else
                target[key] = value?.DeepClone();
        }
    }
}
