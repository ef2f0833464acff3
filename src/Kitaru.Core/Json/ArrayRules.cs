using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>items, prefixItems, min/maxItems, uniqueItems.</summary>
internal static class ArrayRules
{
    private const int UniqueMax = 2000;

    public static void Check(SchemaCheck check, JsonObject rules, JsonArray value, string path)
    {
        if (NumberRules.Limit(rules, "minItems") is { } least && value.Count < least)
            check.Add(path, $"at least {least} items", value);
        if (NumberRules.Limit(rules, "maxItems") is { } most && value.Count > most)
            check.Add(path, $"at most {most} items", value);
        var leading = rules["prefixItems"] as JsonArray;
        var hasRest = rules.TryGetPropertyValue("items", out var rest);
        for (var i = 0; i < value.Count && !check.Full; i++)
        {
            if (leading is not null && i < leading.Count)
                check.Check(leading[i], value[i], $"{path}[{i}]");
            else if (hasRest)
                check.Check(rest, value[i], $"{path}[{i}]");
        }
        if (rules["uniqueItems"] is JsonValue unique && unique.GetValueKind() == JsonValueKind.True)
            CheckUnique(check, value, path);
    }

    private static void CheckUnique(SchemaCheck check, JsonArray value, string path)
    {
        if (value.Count > UniqueMax)
        {
            check.Add(path, $"at most {UniqueMax} items where they must be unique", value);
            return;
        }
        for (var i = 1; i < value.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!JsonNode.DeepEquals(value[i], value[j]))
                    continue;
                check.Say($"{path}[{i}]: repeats {path}[{j}], expected unique items");
                return;
            }
        }
    }
}
