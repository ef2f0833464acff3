using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf.</summary>
internal static class NumberRules
{
    public static void Check(SchemaCheck check, JsonObject rules, JsonValue value, string path)
    {
        Bound(check, rules, value, path, "minimum", "at least", order => order >= 0);
        Bound(check, rules, value, path, "maximum", "at most", order => order <= 0);
        Bound(check, rules, value, path, "exclusiveMinimum", "more than", order => order > 0);
        Bound(check, rules, value, path, "exclusiveMaximum", "less than", order => order < 0);
        if (AsNumber(rules["multipleOf"]) is { } factor && !IsMultiple(value, factor))
            check.Add(path, $"a multiple of {factor.ToJsonString()}", value);
    }

    /// <summary>A non-negative whole number of the schema, or null.</summary>
    public static int? Limit(JsonObject rules, string keyword) =>
        AsNumber(rules[keyword]) is { } node && JsonShape.Number(node).Near is >= 0 and <= int.MaxValue and var limit ? (int)limit : null;

    private static void Bound(
        SchemaCheck check, JsonObject rules, JsonValue value, string path, string keyword, string words, Func<int, bool> fits)
    {
        if (AsNumber(rules[keyword]) is { } limit && !fits(Compare(value, limit)))
            check.Add(path, $"{words} {limit.ToJsonString()}", value);
    }

    private static int Compare(JsonNode left, JsonNode right)
    {
        var (a, b) = (JsonShape.Number(left), JsonShape.Number(right));
        return a.Exact is { } x && b.Exact is { } y ? x.CompareTo(y) : a.Near.CompareTo(b.Near);
    }

    private static bool IsMultiple(JsonNode value, JsonNode factor)
    {
        var (a, b) = (JsonShape.Number(value), JsonShape.Number(factor));
        if (b.Near <= 0)
            return true;
        return a.Exact is { } x && b.Exact is { } y && y != 0 ? x % y == 0 : double.IsInteger(a.Near / b.Near);
    }

    private static JsonValue? AsNumber(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value : null;
}
