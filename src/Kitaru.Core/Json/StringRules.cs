using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kitaru.Core.Json;

/// <summary>minLength, maxLength, pattern, format.</summary>
internal static class StringRules
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    public static void Check(SchemaCheck check, JsonObject rules, JsonValue value, string text, string path)
    {
        var least = NumberRules.Limit(rules, "minLength");
        var most = NumberRules.Limit(rules, "maxLength");
        if (least is not null || most is not null)
        {
            var length = text.EnumerateRunes().Count();
            if (length < least)
                check.Add(path, $"at least {least} characters", value);
            if (length > most)
                check.Add(path, $"at most {most} characters", value);
        }
        if (rules["pattern"] is JsonValue pattern && JsonShape.TryText(pattern, out var expression)
            && Matches(check, expression, text, path) == false)
            check.Add(path, $"text that matches {Texts.Short(expression)}", value);
        if (rules["format"] is JsonValue format && JsonShape.TryText(format, out var name) && !JsonFormats.Fits(name, text, out var example))
            check.Add(path, $"format {name} such as {example}", value);
    }

    /// <summary>Null when the pattern itself cannot be used; that is said once and counts as not fitting.</summary>
    public static bool? Matches(SchemaCheck check, string pattern, string text, string path)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (RegexMatchTimeoutException)
        {
            check.GiveUp($"{path}: the pattern {Texts.Short(pattern)} took too long to check");
        }
        catch (ArgumentException)
        {
            check.GiveUp($"{path}: the schema's pattern {Texts.Short(pattern)} is not a regular expression");
        }
        return null;
    }
}
