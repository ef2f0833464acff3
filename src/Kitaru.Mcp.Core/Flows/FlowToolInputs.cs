using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;

namespace Kitaru.Mcp.Flows;

/// <summary>
/// The inputs of a deployed flow as arguments of its tool. Whoever deployed it wrote the schema, and every assistant of the project reads it: prose in it is cleaned and cut, and what cannot be
/// cleaned without saying something else keeps the flow from being a tool.
/// </summary>
internal static partial class FlowToolInputs
{
    /// <summary>What the schema of one flow may take of everybody's attention.</summary>
    public const int BytesMax = 8192;

    private const int InputsMax = 64;
    private const int DepthMax = 16;
    private const int ProseCharsMax = 300;

    private static readonly string[] Prose = ["description", "title", "$comment"];
    private static readonly string[] Lists = ["anyOf", "oneOf", "allOf", "prefixItems"];

    /// <summary>The arguments, or why there are none.</summary>
    public static (IReadOnlyList<Argument> Arguments, string? Why) Read(JsonObject? schema)
    {
        if (schema?["properties"] is not JsonObject inputs)
            return ([], "its inputs have no schema");
        if (inputs.Count > InputsMax)
            return ([], $"it has {inputs.Count} inputs, and {InputsMax} are allowed");
        var required = (schema["required"] as JsonArray ?? []).OfType<JsonValue>().Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal);
        var arguments = new List<Argument>();
        foreach (var (name, given) in inputs)
        {
            if (!Name().IsMatch(name))
                return ([], $"clients do not take the name of its input '{PlainText.Of(Texts.Short(name, 40))}': letters from a to z, digits, '_', '.' and '-', 64 at most");
            if (given is not JsonObject own)
                return ([], $"the schema of its input '{name}' is no object");
            var shown = (JsonObject)own.DeepClone();
            if (Fault(shown, 0) is { } fault)
                return ([], $"the schema of its input '{name}' {fault}");
            arguments.Add(Of(name, shown, required.Contains(name)));
        }
        var bytes = arguments.Sum(argument => KitaruJson.Size(argument.Shown!) + argument.Name.Length);
        return bytes > BytesMax ? ([], $"the schema of its inputs takes {bytes} bytes, and {BytesMax} are allowed") : (arguments, null);
    }

    /// <summary>Values are checked where every invoke checks them, against the flow itself.</summary>
    private static Argument Of(string name, JsonObject shown, bool required) =>
        new(name, new JsonObject { ["examples"] = new JsonArray(SchemaExample.Of(shown)) }, required) { Shown = shown };

    /// <summary>Cleans the prose in place; says what cannot be cleaned.</summary>
    private static string? Fault(JsonNode? node, int depth)
    {
        if (depth > DepthMax)
            return $"is deeper than {DepthMax} levels";
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToList())
                {
                    if (key == "$ref")
                        return "refers to another schema";
                    if (!IsPlain(key))
                        return "has hidden characters in a name";
                    if (Lists.Contains(key) && (value is not JsonArray parts || parts.Any(part => part is not JsonObject)))
                        return $"has an {key} that is no list of schemas";
                    if (Prose.Contains(key) && value is JsonValue prose && prose.TryGetValue<string>(out var text))
                        members[key] = Clean(text, ProseCharsMax);
                    else if (Fault(value, depth + 1) is { } inside)
                        return inside;
                }
                return null;
            case JsonArray items:
                return items.Select(item => Fault(item, depth + 1)).FirstOrDefault(fault => fault is not null);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return IsPlain(text) ? null : "has hidden characters in a value";
            default:
                return null;
        }
    }

    /// <summary>Text of a flow's author, on one line.</summary>
    public static string Clean(string text, int charsMax) => PlainText.Of(Texts.Short(string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), charsMax));

    private static bool IsPlain(string text) => PlainText.Of(text) == text;

    [GeneratedRegex(@"^[a-zA-Z0-9_.\-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
