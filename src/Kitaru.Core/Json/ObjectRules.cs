using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>properties, required, additionalProperties, patternProperties, min/maxProperties.</summary>
internal static class ObjectRules
{
    public static void Check(SchemaCheck check, JsonObject rules, JsonObject value, string path)
    {
        var known = rules["properties"] as JsonObject;
        if (rules["required"] is JsonArray required)
        {
            foreach (var name in required.OfType<JsonValue>().Select(node => node.ToString()).Where(name => !value.ContainsKey(name)))
                check.Say($"{Path(path, name)}: is required and missing{ExpectedAt(known, name)}");
        }
        if (NumberRules.Limit(rules, "minProperties") is { } least && value.Count < least)
            check.Add(path, $"at least {least} keys", value);
        if (NumberRules.Limit(rules, "maxProperties") is { } most && value.Count > most)
            check.Add(path, $"at most {most} keys", value);
        foreach (var (name, member) in value)
            CheckMember(check, rules, known, name, member, Path(path, name));
    }

    private static void CheckMember(SchemaCheck check, JsonObject rules, JsonObject? known, string name, JsonNode? member, string path)
    {
        var matched = false;
        if (known is not null && known.TryGetPropertyValue(name, out var schema))
        {
            matched = true;
            check.Check(schema, member, path);
        }
        if (rules["patternProperties"] is JsonObject patterns)
        {
            foreach (var (pattern, forMatching) in patterns)
            {
                if (StringRules.Matches(check, pattern, name, path) != true)
                    continue;
                matched = true;
                check.Check(forMatching, member, path);
            }
        }
        if (matched || !rules.TryGetPropertyValue("additionalProperties", out var others))
            return;
        if (others is JsonValue flag && flag.GetValueKind() == JsonValueKind.False)
            check.Say($"{path}: is not a known key.{Known(known, name)}");
        else
            check.Check(others, member, path);
    }

    private static string Known(JsonObject? known, string name)
    {
        if (known is null || known.Count == 0)
            return " No keys are expected here.";
        var names = known.Select(pair => pair.Key).ToList();
        return $"{Texts.DidYouMean(name, names)} Known keys: {Texts.Short(string.Join(", ", names), 400)}.";
    }

    private static string ExpectedAt(JsonObject? known, string name) =>
        known?[name] is JsonObject schema && schema["type"] is { } type ? $", expected {SchemaExample.TypeWords(type)}" : "";

    private static string Path(string path, string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"{path}.{name}"
            : $"{path}['{Texts.Short(name, 100)}']";
}
