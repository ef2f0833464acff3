using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Tools;

/// <summary>
/// Strict arguments: unknown names, wrong types and values out of range are refused, each with argument, expected, got, example
/// and nearest name, so that the caller's next try is right.
/// </summary>
internal static class ArgumentCheck
{
    /// <summary>The arguments as the tool will see them, defaults filled in.</summary>
    public static JsonObject Check(KitaruTool tool, IDictionary<string, JsonElement>? given)
    {
        var problems = new List<(string Sentence, JsonObject Details)>();
        var result = new JsonObject();
        foreach (var (name, value) in given ?? ReadOnlyDictionary<string, JsonElement>.Empty)
        {
            if (!Takes(tool, name))
                problems.Add(Unknown(tool, name, value));
        }
        foreach (var argument in tool.Arguments)
        {
            var element = default(JsonElement);
            var isGiven = given is not null && given.TryGetValue(argument.Name, out element);
            if (!isGiven && argument.Schema["default"] is null && !argument.Required)
                continue;
            if (isGiven && argument.Plain?.TryTake(element, out var taken) == true)
            {
                result[argument.Name] = taken;
                continue;
            }
            var raw = isGiven ? ToNode(tool, argument.Name, element) : null;
            if (TextCheck.Fault(argument, raw) is var (expected, got))
            {
                problems.Add(TextProblem(argument, expected, got));
                continue;
            }
            var value = Decode(argument, raw);
            if (value is null && argument.Schema["default"] is { } preset)
                result[argument.Name] = preset.DeepClone();
            else if (value is null && !argument.Required)
                continue;
            else if (!isGiven || (value is null && IsTyped(argument)))
                problems.Add(Problem(argument.Name, argument.Schema, isGiven ? "null" : "nothing", []));
            else if (!ReferenceEquals(raw, value) && TextCheck.Fault(argument, value) is var (expectedInside, gotInside))
                problems.Add(TextProblem(argument, expectedInside, gotInside));
            else if (JsonSchemaValidator.Validate(argument.Schema, value) is { Count: > 0 } errors)
                problems.Add(Problem(argument.Name, argument.Schema, argument.IsSensitive || HoldsSecrets(tool) ? Kind(value) : Got(value), errors));
            else
                result[argument.Name] = value;
        }
        return problems.Count == 0 ? result : throw Error(tool, problems);
    }

    private static bool Takes(KitaruTool tool, string name)
    {
        foreach (var argument in tool.Arguments)
        {
            if (argument.Name == name)
                return true;
        }
        return false;
    }

    /// <summary>One argument is wrong in a way that its schema cannot say.</summary>
    public static KitaruUsageException Error(string argument, string expected, JsonNode? got, string example) =>
        new($"Argument '{argument}': expected {expected}, got {Got(got)}.", $"Call again with {argument}={example}.")
        {
            Details = new JsonObject { ["argument"] = argument, ["expected"] = expected, ["got"] = Got(got), ["example"] = example },
        };

    private static (string, JsonObject) Unknown(KitaruTool tool, string name, JsonElement value)
    {
        var known = tool.Arguments.Select(argument => argument.Name).ToList();
        var list = known.Count == 0 ? "This tool takes no arguments." : $"Arguments: {string.Join(", ", known)}.";
        var shown = HoldsSecrets(tool) && Texts.Nearest(name, known) is null ? "(not repeated)" : Texts.Short(name, 80);
        return ($"There is no argument '{shown}'.{Texts.DidYouMean(name, known)} {list}", new JsonObject
        {
            ["argument"] = shown,
            ["expected"] = new JsonArray([.. known.Select(item => (JsonNode)item)]),
            ["got"] = IsSensitive(tool) ? Kind(ToNode(tool, name, value)) : Got(ToNode(tool, name, value)),
            ["nearest"] = Texts.Nearest(name, known),
        });
    }

    private static (string, JsonObject) TextProblem(Argument argument, string expected, string got) => (
        $"Argument '{argument.Name}': expected {expected}, got {got}.",
        new JsonObject { ["argument"] = argument.Name, ["expected"] = expected, ["got"] = got, ["example"] = SchemaExample.Of(argument.Schema) });

    private static (string, JsonObject) Problem(string name, JsonObject schema, string got, IReadOnlyList<string> errors)
    {
        var (expected, example) = (SchemaWords.Of(schema), SchemaExample.Of(schema));
        var details = new JsonObject { ["argument"] = name, ["expected"] = expected, ["got"] = got, ["example"] = example };
        // A fault of the value as a whole is said by expected and got already.
        var inner = errors.Where(error => !error.StartsWith("$:", StringComparison.Ordinal)).ToList();
        var sentence = $"Argument '{name}': expected {expected}, got {got}.{(inner.Count == 0 ? "" : $" {string.Join("; ", inner)}.")}";
        if (schema["enum"] is JsonArray words && Texts.Nearest(got, words.Select(word => $"string \"{word}\"")) is { } nearest)
        {
            details["nearest"] = nearest[8..^1];
            sentence += $" Did you mean '{nearest[8..^1]}'?";
        }
        return (sentence, details);
    }

    private static KitaruUsageException Error(KitaruTool tool, List<(string Sentence, JsonObject Details)> problems)
    {
        var example = new JsonObject();
        foreach (var argument in tool.Arguments.Where(argument => argument.Required || problems.Exists(problem => Names(problem, argument.Name))))
            example[argument.Name] = SchemaExample.Of(argument.Schema);
        var details = problems[0].Details;
        if (problems.Count > 1)
            details["problems"] = new JsonArray([.. problems.Skip(1).Select(problem => problem.Details)]);
        return new KitaruUsageException(
            string.Join(" ", problems.Take(JsonSchemaValidator.ErrorsMax).Select(problem => problem.Sentence)),
            $"Call {tool.Name} again with arguments such as {Texts.Short(KitaruJson.Write(example), 400)}.")
        {
            Details = details,
        };
    }

    private static bool Names((string Sentence, JsonObject Details) problem, string argument) =>
        problem.Details["argument"]?.ToString() == argument || problem.Details["nearest"]?.ToString() == argument;

    /// <summary>Some clients send objects and lists as JSON text, and words with other case; scalars are never decoded.</summary>
    private static JsonNode? Decode(Argument argument, JsonNode? value)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
            return value;
        var text = value.GetValue<string>();
        if (argument.Schema["enum"] is JsonArray words)
            return words.FirstOrDefault(word => string.Equals(word!.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase))?.DeepClone() ?? value;
        return IsTyped(argument) && argument.Schema["type"]?.ToString() is "object" or "array" && JsonText.TryDecode(text, out var decoded)
            ? decoded
            : value;
    }

    private static bool IsTyped(Argument argument) => argument.Schema.ContainsKey("type");

    private static bool IsSensitive(KitaruTool tool) => tool.Arguments.Any(argument => argument.IsSensitive);

    /// <summary>Secrets come as an object: one that is written in the wrong place may stand anywhere, in a name too.</summary>
    private static bool HoldsSecrets(KitaruTool tool) => tool.Arguments.Any(argument => argument.IsSensitive && argument.Schema["type"]?.ToString() == "object");

    private static JsonNode? ToNode(KitaruTool tool, string name, JsonElement element)
    {
        try
        {
            return KitaruJson.Parse(element.GetRawText());
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Error(HoldsSecrets(tool) && tool.Arguments.All(argument => argument.Name != name) ? "(not repeated)" : name, "JSON without repeated keys and not too deep", JsonValue.Create(IsSensitive(tool) ? "something else" : Texts.Short(fault.Message)), "{\"key\": \"value\"}");
        }
    }

    /// <summary>Of what may be a secret, or lie beside one in the wrong place, only the kind.</summary>
    private static string Kind(JsonNode? value) =>
        value is JsonValue ? $"{value.GetValueKind().ToString().ToLowerInvariant()} (not repeated)" : Got(value);

    private static string Got(JsonNode? value)
    {
        try
        {
            return Shown(value);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            return "text with half of a surrogate pair";
        }
    }

    private static string Shown(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject members => $"object with {members.Count} keys",
        JsonArray items => $"list of {items.Count}",
        _ when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => $"boolean {KitaruJson.Write(value)}",
        _ => $"{value.GetValueKind().ToString().ToLowerInvariant()} {Texts.Short(KitaruJson.Write(value), 80)}",
    };
}
