using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>
/// How a result is said in its text block: as JSON without the keys that the tool's schema names and that have nothing in them, and without what stands there twice. A flow's own values
/// stay as they are, down to the last null.
/// </summary>
internal sealed class ShortForm
{
    /// <summary>Stands in an execution's metadata as well as under a key of its own.</summary>
    private const string SaidElsewhere = "kitaru_execution_spec";

    private static readonly ShortForm Value = new(Kind.Value);
    private static readonly ShortForm Word = new(Kind.Word);
    private static readonly ShortForm Map = new(Kind.Map);

    private readonly Kind _kind;
    private readonly FrozenDictionary<string, (JsonEncodedText Name, ShortForm Form)> _members = FrozenDictionary<string, (JsonEncodedText, ShortForm)>.Empty;
    private readonly ShortForm? _items;

    private ShortForm(Kind kind) => _kind = kind;

    private ShortForm(ShortForm items) => (_kind, _items) = (Kind.List, items);

    private ShortForm(IEnumerable<KeyValuePair<string, ShortForm>> members) => (_kind, _members) =
        (Kind.Object, members.ToFrozenDictionary(member => member.Key, member => (JsonEncodedText.Encode(member.Key, KitaruJson.Options.Encoder), member.Value), StringComparer.Ordinal));

    private enum Kind
    {
        /// <summary>Any JSON, of a flow or a user.</summary>
        Value,

        /// <summary>A text, number or flag.</summary>
        Word,

        /// <summary>An object with keys of a flow's own.</summary>
        Map,

        /// <summary>An object with the keys of the schema.</summary>
        Object,

        List,
    }

    /// <summary>The form of results with a schema.</summary>
    public static ShortForm Of(JsonObject schema) => Of(schema, schema["$defs"] as JsonObject);

    /// <summary>Writes a whole result.</summary>
    public void Write(Utf8JsonWriter writer, JsonObject result)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in result)
        {
            // A list that was asked for and is empty is an answer.
            if (_members.TryGetValue(key, out var member) && (value is JsonArray || !member.Form.IsNothing(value)))
                member.Form.WriteMember(writer, member.Name, value);
            else if (member.Form is null)
                Value.WriteMember(writer, JsonEncodedText.Encode(key, KitaruJson.Options.Encoder), value);
        }
        writer.WriteEndObject();
    }

    private void WriteMember(Utf8JsonWriter writer, JsonEncodedText name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        WriteValue(writer, value);
    }

    private void WriteValue(Utf8JsonWriter writer, JsonNode? value)
    {
        switch (_kind, value)
        {
            case (_, null):
                writer.WriteNullValue();
                break;
            case (Kind.List, JsonArray items):
                writer.WriteStartArray();
                foreach (var item in items)
                    _items!.WriteValue(writer, item);
                writer.WriteEndArray();
                break;
            case (Kind.Object, JsonObject members):
                WriteMembers(writer, members);
                break;
            case (Kind.Map, JsonObject entries) when entries.ContainsKey(SaidElsewhere):
                writer.WriteStartObject();
                foreach (var (key, entry) in entries.Where(entry => entry.Key != SaidElsewhere))
                    Value.WriteMember(writer, JsonEncodedText.Encode(key, KitaruJson.Options.Encoder), entry);
                writer.WriteEndObject();
                break;
            default:
                value.WriteTo(writer, KitaruJson.Options);
                break;
        }
    }

    private void WriteMembers(Utf8JsonWriter writer, JsonObject members)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in members)
        {
            if (!_members.TryGetValue(key, out var member))
                Value.WriteMember(writer, JsonEncodedText.Encode(key, KitaruJson.Options.Encoder), value);
            else if (!member.Form.IsNothing(value))
                member.Form.WriteMember(writer, member.Name, value);
        }
        writer.WriteEndObject();
    }

    private bool IsNothing(JsonNode? value) => _kind != Kind.Value && value switch
    {
        null => true,
        JsonArray items => items.Count == 0,
        JsonObject members => members.Count == 0 || (_kind == Kind.Map && members.Count == 1 && members.ContainsKey(SaidElsewhere)),
        _ => false,
    };

    private static ShortForm Of(JsonObject schema, JsonObject? definitions)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Of((JsonObject)definitions![reference[(reference.LastIndexOf('/') + 1)..]]!, definitions);
        if (schema["properties"] is JsonObject properties)
            return new ShortForm(properties.Select(property => KeyValuePair.Create(property.Key, Of((JsonObject)property.Value!, definitions))));
        if (schema["anyOf"] is JsonArray branches)
            return branches.Count == 2 && branches[1]?["type"]?.GetValue<string>() == "null" ? Of((JsonObject)branches[0]!, definitions) : Value;
        return schema["type"]?.GetValue<string>() switch
        {
            "array" when schema["items"] is JsonObject items => new ShortForm(Of(items, definitions)),
            "object" => Map,
            "string" or "number" or "integer" or "boolean" => Word,
            _ => Value,
        };
    }
}
