using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Untrusted;

namespace Kitaru.Mcp.Approvals;

/// <summary>
/// The question of a wait as a form for a person. A form is flat: a wait that asks for less than a flat object is one field, for more a field in which JSON is written.
/// </summary>
internal static class QuestionForm
{
    /// <summary>The one field of a form that is no object.</summary>
    public const string Field = "value";

    private const int FieldsMax = 20;
    private const int QuestionCharsMax = 2000;

    /// <summary>The parameters of an <c>elicitation/create</c>.</summary>
    /// <param name="execution">Who asks.</param>
    /// <param name="wait">What is asked.</param>
    /// <param name="suggestion">What stands in the form at first; null for nothing.</param>
    public static JsonObject Of(ExecutionRecord execution, WaitRecord wait, JsonNode? suggestion = null) => new()
    {
        ["mode"] = "form",
        ["message"] = Message(execution, wait),
        ["requestedSchema"] = Schema(wait.Schema, suggestion),
    };

    /// <summary>Who asks what, in one text. The question is the flow's, and says so.</summary>
    public static string Message(ExecutionRecord execution, WaitRecord wait) =>
        $"The flow {execution.FlowName} asks ({wait.Name}, execution {execution.Id}): {Texts.Clip(PlainText.Of(Shown(wait.Question ?? "Go on?")), QuestionCharsMax)}";

    /// <summary>The value that the fields of an accepted form make. Whether the wait takes it, the wait says.</summary>
    /// <exception cref="KitaruUsageException">There is nothing in it.</exception>
    public static JsonNode? Read(WaitRecord wait, JsonObject content)
    {
        if (FlatProperties(wait.Schema) is { } properties)
            return new JsonObject(properties.Where(property => content.ContainsKey(property.Key)).Select(property => KeyValuePair.Create(property.Key, content[property.Key]?.DeepClone())));
        if (!content.ContainsKey(Field))
        {
            if (AllowsNull(wait.Schema))
                return null;
            throw new KitaruUsageException($"The answer to '{wait.Name}' has no field '{Field}'.", "Fill in the form as it was asked for.");
        }
        var given = content[Field]?.DeepClone();
        return FormField.Of(wait.Schema) is null && given is JsonValue && given.GetValueKind() == JsonValueKind.String ? Typed(wait.Schema, given) : given;
    }

    /// <summary>What somebody wrote into a field that takes any JSON; text needs no quotes.</summary>
    private static JsonNode? Typed(JsonObject? schema, JsonNode given)
    {
        var text = given.GetValue<string>();
        if (schema is null)
            return Tools.JsonText.TryDecode(text, out var decoded) ? decoded : given;
        if (JsonSchemaValidator.Validate(schema, given).Count == 0)
            return given;
        try
        {
            return KitaruJson.Parse(text);
        }
        catch (JsonException)
        {
            return given;
        }
    }

    private static JsonObject Schema(JsonObject? schema, JsonNode? suggestion)
    {
        if (FlatProperties(schema) is { } properties)
        {
            var fields = new JsonObject();
            foreach (var (name, property) in properties)
                fields[name] = FormField.With(FormField.Of((JsonObject)property!)!, (suggestion as JsonObject)?[name]);
            return Object(fields, schema!["required"] as JsonArray ?? []);
        }
        var field = FormField.Of(schema) ?? new JsonObject
        {
            ["type"] = "string",
            ["title"] = "Answer",
            ["description"] = schema is null ? "Text, or any JSON value." : $"A JSON value that fits {Texts.Clip(KitaruJson.Write(schema), QuestionCharsMax)}",
        };
        if (FormField.Of(schema) is null && suggestion is not null && suggestion.GetValueKind() != JsonValueKind.String)
            suggestion = KitaruJson.Write(suggestion);
        return Object(new JsonObject { [Field] = FormField.With(field, suggestion) }, AllowsNull(schema) ? [] : [Field]);
    }

    /// <summary>Nothing that a terminal would take for a command.</summary>
    private static string Shown(string text) => new([.. text.Where(character => character == '\n' || !char.IsControl(character))]);

    private static JsonObject Object(JsonObject fields, JsonArray required) => new()
    {
        ["type"] = "object",
        ["properties"] = fields,
        ["required"] = required.DeepClone(),
    };

    /// <summary>The properties of an object whose fields all fit into a form; null for anything else.</summary>
    private static JsonObject? FlatProperties(JsonObject? schema) =>
        schema?["type"]?.ToString() == "object" && schema["properties"] is JsonObject { Count: > 0 and <= FieldsMax } properties
        && properties.All(property => property.Value is JsonObject field && FormField.Of(field) is not null)
            ? properties
            : null;

    private static bool AllowsNull(JsonObject? schema) => schema?["type"] is JsonArray types && types.Any(type => type?.ToString() == "null");
}
