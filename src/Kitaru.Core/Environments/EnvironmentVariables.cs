using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>Reads environment variables as people write them into settings: an object of names and plain values.</summary>
public static class EnvironmentVariables
{
    /// <summary>How many one setting may have.</summary>
    public const int CountMax = 256;

    /// <summary>How many characters a name may have.</summary>
    public const int NameCharsMax = 256;

    /// <summary>How many characters a value may have: what Windows allows.</summary>
    public const int ValueCharsMax = 32_767;

    /// <summary>Reads the object; numbers and booleans become their JSON text.</summary>
    /// <param name="value">What was given.</param>
    /// <param name="source">Where it was given: an argument, a variable or a file.</param>
    /// <param name="field">The field in it, for example <c>environment</c>.</param>
    /// <exception cref="KitaruUsageException">It is no object of texts, or a name cannot be a variable's.</exception>
    public static IReadOnlyDictionary<string, string> Parse(JsonNode? value, string source, string field)
    {
        if (value is not JsonObject members)
            throw SettingsError.Of(source, field, "an object of names and texts", JsonShape.Name(value), """{"LANG": "C.UTF-8"}""");
        if (members.Count > CountMax)
            throw SettingsError.Of(source, field, $"at most {CountMax} variables", $"{members.Count}", """{"LANG": "C.UTF-8"}""");
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, node) in members)
            result[CheckedName(name, source, field)] = CheckedValue(name, node, source, field);
        return result;
    }

    private static string CheckedName(string name, string source, string field)
    {
        var rule = name.Trim().Length == 0 ? "a name that is not blank"
            : name.Length > NameCharsMax ? $"a name of at most {NameCharsMax} characters"
            : name.Contains('=', StringComparison.Ordinal) ? "a name without '='"
            : name.Any(char.IsControl) ? "a name without NUL and other control characters"
            : name.Trim().Length != name.Length ? "a name without blanks around it"
            : null;
        return rule is null ? name : throw SettingsError.Of(source, field, rule, $"'{Texts.Short(name, 80)}'", """{"LANG": "C.UTF-8"}""");
    }

    private static string CheckedValue(string name, JsonNode? node, string source, string field)
    {
        var text = node?.GetValueKind() switch
        {
            JsonValueKind.String when JsonShape.TryText((JsonValue)node, out var plain) => plain,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => KitaruJson.Write(node),
            _ => null,
        };
        var path = $"{field}.{Texts.Short(name, 80)}";
        if (text is null)
            throw SettingsError.Of(source, path, "a text, a number or a boolean", JsonShape.Name(node), "\"text\"");
        // The value itself is not said: it may be a secret in the wrong place.
        if (text.Contains('\0', StringComparison.Ordinal))
            throw SettingsError.Of(source, path, "a text without NUL characters", "one with NUL", "\"text\"");
        return text.Length <= ValueCharsMax
            ? text
            : throw SettingsError.Of(source, path, $"at most {ValueCharsMax} characters", $"{text.Length}", "\"text\"");
    }
}
