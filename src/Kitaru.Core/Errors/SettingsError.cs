using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What is wrong with a setting: where it stands, which field, what was expected and what was seen.</summary>
public static class SettingsError
{
    /// <summary>The error of a field.</summary>
    /// <param name="source">Where it stands: an argument, a variable or a file.</param>
    /// <param name="field">The field in it; empty for all of it.</param>
    /// <param name="expected">The rule, as a noun.</param>
    /// <param name="got">What was seen, without anything secret.</param>
    /// <param name="example">What would be right, as JSON.</param>
    public static KitaruUsageException Of(string source, string field, string expected, string got, string example) => new(
        $"{Where(source, field)}: expected {expected}, got {got}.", $"Write for example {(field.Length == 0 ? "" : LastOf(field) + " = ")}{example}.")
    {
        Details = new JsonObject { ["argument"] = source, ["field"] = field, ["expected"] = expected, ["got"] = got, ["example"] = example },
    };

    /// <summary>The error of a key that is none.</summary>
    public static KitaruUsageException Unknown(string source, string field, IReadOnlyList<string> known) => new(
        $"{source}: there is no key '{Texts.Short(field, 80)}'.{Texts.DidYouMean(LastOf(field), known)} Keys: {string.Join(", ", known)}.",
        "Correct the key, or leave it out.")
    {
        Details = new JsonObject
        {
            ["argument"] = source,
            ["field"] = Texts.Short(field, 80),
            ["expected"] = new JsonArray([.. known.Select(key => (JsonNode)key)]),
            ["got"] = Texts.Short(field, 80),
            ["nearest"] = Texts.Nearest(LastOf(field), known),
        },
    };

    private static string Where(string source, string field) => field.Length == 0 ? source : $"{source}, {field}";

    private static string LastOf(string field) => field[(field.LastIndexOf('.') + 1)..];
}
