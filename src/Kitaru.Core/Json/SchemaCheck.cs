using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>One run of the validator: walks schema and value together and collects messages.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private const int DepthMax = 128;
    private const int StepsMax = 200_000;

    private int _depth;
    private int _steps;

    public List<string> Errors { get; private set; } = [];

    public bool Full => Errors.Count >= JsonSchemaValidator.ErrorsMax;

    /// <summary>Why part of the value could not be checked; such a value never passes, not even below a <c>not</c>.</summary>
    public string? Undecided { get; private set; }

    public void GiveUp(string message)
    {
        Undecided ??= message;
        if (!Errors.Contains(message))
            Say(message);
    }

    public void Add(string path, string expected, JsonNode? got) => Say($"{path}: expected {expected}, got {JsonShape.Describe(got)}");

    public void Say(string message)
    {
        if (!Full)
            Errors.Add(message);
    }

    public void Check(JsonNode? schema, JsonNode? value, string path)
    {
        if (Full)
            return;
        if (++_steps > StepsMax || _depth >= DepthMax)
        {
            GiveUp($"{path}: value and schema are too deep or too costly to check");
            return;
        }
        _depth++;
        if (schema is JsonObject rules)
            CheckRules(rules, value, path);
        else if (schema is JsonValue flag && flag.GetValueKind() == JsonValueKind.False)
            Add(path, "nothing here", value);
        _depth--;
    }

    /// <summary>Whether the value fits, without leaving messages behind.</summary>
    public bool Fits(JsonNode? schema, JsonNode? value, string path) => ErrorsOf(schema, value, path).Count == 0;

    private List<string> ErrorsOf(JsonNode? schema, JsonNode? value, string path)
    {
        var outer = Errors;
        Errors = [];
        Check(schema, value, path);
        var inner = Errors;
        Errors = outer;
        return inner;
    }

    private void CheckRules(JsonObject rules, JsonNode? value, string path)
    {
        if (rules["$ref"] is JsonValue reference && !FollowReference(reference, value, path))
            return;
        if (!CheckType(rules, value, path))
            return;
        if (rules["enum"] is JsonArray choices && !choices.Any(choice => JsonNode.DeepEquals(choice, value)))
            Add(path, "one of " + Texts.Short(string.Join(", ", choices.Select(KitaruJson.Write)), 400), value);
        if (rules.TryGetPropertyValue("const", out var constant) && !JsonNode.DeepEquals(constant, value))
            Add(path, KitaruJson.Write(constant), value);
        switch (value)
        {
            case JsonObject members:
                ObjectRules.Check(this, rules, members, path);
                break;
            case JsonArray items:
                ArrayRules.Check(this, rules, items, path);
                break;
            case JsonValue scalar when JsonShape.TryText(scalar, out var text):
                StringRules.Check(this, rules, scalar, text, path);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number:
                NumberRules.Check(this, rules, scalar, path);
                break;
        }
        CheckCombined(rules, value, path);
    }

    private bool CheckType(JsonObject rules, JsonNode? value, string path)
    {
        var allowed = Types(rules);
        if (allowed.Length == 0 || allowed.Any(word => JsonShape.Is(value, word)))
            return true;
        Add(path, string.Join(" or ", allowed), value);
        return false;
    }

    private static string[] Types(JsonObject rules) => rules["type"] switch
    {
        JsonArray several => [.. several.OfType<JsonValue>().Select(word => word.ToString())],
        JsonValue one => [one.ToString()],
        _ => [],
    };

    private void CheckCombined(JsonObject rules, JsonNode? value, string path)
    {
        if (rules["allOf"] is JsonArray all)
        {
            foreach (var part in all)
                Check(part, value, path);
        }
        if (rules["anyOf"] is JsonArray any && any.Count > 0)
            CheckAny(any, value, path);
        if (rules["oneOf"] is JsonArray one && one.Count > 0)
        {
            var fitting = one.Count(part => Fits(part, value, path));
            if (fitting == 0)
                CheckAny(one, value, path);
            else if (fitting > 1)
                Say($"{path}: fits {fitting} of the alternatives, expected exactly one");
        }
        if (rules.TryGetPropertyValue("not", out var forbidden) && Fits(forbidden, value, path))
            Say($"{path}: must not match {Texts.Short(KitaruJson.Write(forbidden), 120)}, got {JsonShape.Describe(value)}");
    }

    private void CheckAny(JsonArray alternatives, JsonNode? value, string path)
    {
        List<string>? nearest = null;
        var nearestRank = (Misfit: true, Count: int.MaxValue);
        foreach (var part in alternatives)
        {
            var errors = ErrorsOf(part, value, path);
            if (errors.Count == 0)
                return;
            // An alternative of the value's own type says more than "expected null".
            var rank = (Misfit: part is not JsonObject rules || Types(rules) is not { Length: > 0 } types || !types.Any(type => JsonShape.Is(value, type)), errors.Count);
            if (nearest is null || rank.CompareTo(nearestRank) < 0)
                (nearest, nearestRank) = (errors, rank);
        }
        Say($"{path}: fits none of {alternatives.Count} alternatives; nearest: {nearest![0]}");
    }

    private bool FollowReference(JsonValue reference, JsonNode? value, string path)
    {
        var pointer = reference.ToString();
        if (Resolve(pointer) is { } target)
        {
            var before = Errors.Count;
            Check(target, value, path);
            return Errors.Count == before;
        }
        Say($"{path}: the schema refers to '{Texts.Short(pointer)}', which is not in it");
        return false;
    }

    private JsonNode? Resolve(string pointer)
    {
        if (pointer == "#")
            return root;
        if (!pointer.StartsWith("#/", StringComparison.Ordinal))
            return null;
        JsonNode? node = root;
        foreach (var raw in pointer[2..].Split('/'))
        {
            var part = Uri.UnescapeDataString(raw).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject members => members[part],
                JsonArray items when int.TryParse(part, out var at) && at >= 0 && at < items.Count => items[at],
                _ => null,
            };
        }
        return node;
    }
}
