using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Executions.Waits;

/// <summary>
/// Asks for a JSON value as its schema says: one of several is chosen, yes or no is asked for, an object is filled in field by field, texts and numbers are typed as they are, and
/// anything else is typed as JSON.
/// </summary>
internal sealed class SchemaForm(CliHost host, LineReader lines)
{
    private const int DepthMax = 8;
    private const int ChoicesMax = 100;
    private const string RefPrefix = "#/";

    private JsonObject _root = [];

    /// <summary>Asks until the value fits.</summary>
    /// <exception cref="EndOfInputException">The input has ended.</exception>
    public async Task<JsonNode?> AskAsync(JsonObject? schema, CancellationToken cancellationToken)
    {
        _root = schema ?? [];
        while (true)
        {
            var value = await AskAsync(_root, "answer", isRequired: true, depth: 0, cancellationToken);
            var faults = schema is null ? [] : JsonSchemaValidator.Validate(schema, value.Value);
            if (faults.Count == 0)
                return value.Value;
            foreach (var fault in faults)
                await SayAsync(fault, Tone.Asking);
        }
    }

    private async Task<Given> AskAsync(JsonObject schema, string label, bool isRequired, int depth, CancellationToken cancellationToken)
    {
        (schema, var isNullable) = Resolve(schema);
        if (schema["enum"] is JsonArray { Count: > 0 and <= ChoicesMax } choices)
            return await ChooseAsync(choices, schema, label, isRequired, cancellationToken);
        if (schema["type"] is JsonValue type && depth < DepthMax)
        {
            switch (type.ToString())
            {
                case "object" when schema["properties"] is JsonObject { Count: > 0 } properties:
                    return await FillInAsync(schema, properties, label, isRequired && !isNullable, depth, cancellationToken);
                case "boolean":
                    return await TypeAsync(schema, label, "y/n", isRequired, isNullable, YesOrNo, cancellationToken);
                case "string":
                    return await TypeAsync(schema, label, "text", isRequired, isNullable, text => JsonValue.Create(text), cancellationToken);
                case "integer" or "number":
                    return await TypeAsync(schema, label, type.ToString(), isRequired, isNullable, Number, cancellationToken);
            }
        }
        return await TypeAsync(schema, label, "JSON", isRequired, isNullable: true, text => KitaruJson.Parse(text), cancellationToken);
    }

    /// <summary>An optional object is only filled in by those who want it.</summary>
    private async Task<Given> FillInAsync(
        JsonObject schema, JsonObject properties, string label, bool isRequired, int depth, CancellationToken cancellationToken)
    {
        if (!isRequired)
        {
            var wanted = await TypeAsync([], $"{label}: fill it in?", "y/n", isRequired: false, isNullable: false, YesOrNo, cancellationToken);
            if (!wanted.IsGiven || wanted.Value?.GetValue<bool>() != true)
                return Given.Nothing;
        }
        var required = schema["required"] is JsonArray names ? names.Select(name => name?.ToString()).ToHashSet() : [];
        var filled = new JsonObject();
        foreach (var (name, field) in properties)
        {
            var value = await AskAsync(field as JsonObject ?? [], depth == 0 ? name : $"{label}.{name}", required.Contains(name), depth + 1, cancellationToken);
            if (value.IsGiven)
                filled[name] = value.Value;
        }
        return new Given(filled);
    }

    private async Task<Given> ChooseAsync(JsonArray choices, JsonObject schema, string label, bool isRequired, CancellationToken cancellationToken)
    {
        var words = choices.Select(Shown).ToList();
        for (var i = 0; i < words.Count; i++)
            await SayAsync($"{i + 1}) {words[i]}", Tone.Plain);
        return await TypeAsync(schema, label, $"1-{words.Count}", isRequired, isNullable: false, Chosen, cancellationToken);

        JsonNode? Chosen(string text)
        {
            var index = words.FindIndex(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase));
            // A value that is a number itself means that value, not its place.
            if (index < 0 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= words.Count)
                index = number - 1;
            return index >= 0 ? choices[index]?.DeepClone() : throw new FormatException($"'{Texts.Short(text, 80)}' is none of them.{Texts.DidYouMean(text, words)}");
        }
    }

    private async Task<Given> TypeAsync(
        JsonObject schema, string label, string kind, bool isRequired, bool isNullable, Func<string, JsonNode?> parse, CancellationToken cancellationToken)
    {
        var preset = schema["default"];
        if (schema["description"] is JsonValue description)
            await SayAsync(Texts.Short(description.ToString(), 500), Tone.Muted);
        var empty = preset is not null ? $", empty: {Shown(preset)}" : isNullable ? ", empty: null" : isRequired ? "" : ", optional";
        while (true)
        {
            var text = await lines.ReadAsync($"{Clean.Line(label)} ({kind}{Clean.Line(empty)}): ", cancellationToken) ?? throw new EndOfInputException();
            if (text.Length == 0 && (preset is not null || isNullable || !isRequired))
                return preset is not null ? new Given(preset.DeepClone()) : isRequired ? new Given(null) : Given.Nothing;
            try
            {
                return new Given(parse(text));
            }
            catch (Exception fault) when (fault is FormatException or JsonException)
            {
                await SayAsync(fault.Message, Tone.Asking);
            }
        }
    }

    /// <summary>Follows references within the schema and takes null out of the alternatives.</summary>
    private (JsonObject Schema, bool IsNullable) Resolve(JsonObject schema)
    {
        var isNullable = false;
        for (var steps = 0; steps < DepthMax; steps++)
        {
            if (schema["$ref"] is JsonValue reference && Referenced(reference.ToString()) is { } target)
            {
                schema = target;
            }
            else if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray alternatives
                && alternatives.OfType<JsonObject>().Where(each => each["type"]?.ToString() != "null").ToList() is [var only])
            {
                (schema, isNullable) = (only, isNullable || alternatives.Count > 1);
            }
            else if (schema["type"] is JsonArray types && types.Select(type => type?.ToString()).Where(type => type != "null").ToList() is [{ } word])
            {
                isNullable |= types.Count > 1;
                schema = schema.DeepClone().AsObject();
                schema["type"] = word;
            }
            else
            {
                break;
            }
        }
        return (schema, isNullable);
    }

    private JsonObject? Referenced(string reference)
    {
        if (!reference.StartsWith(RefPrefix, StringComparison.Ordinal))
            return null;
        JsonNode? node = _root;
        foreach (var part in reference[RefPrefix.Length..].Split('/'))
            node = (node as JsonObject)?[part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return node as JsonObject;
    }

    private Task SayAsync(string text, Tone tone) => host.Error.WriteLineAsync("  " + new Paint(host.IsErrorTerminal && host.AllowsColor).Of(Clean.Line(text), tone));

    private static JsonNode YesOrNo(string text) => text.Trim().ToLowerInvariant() switch
    {
        "y" or "yes" or "true" => JsonValue.Create(true),
        "n" or "no" or "false" => JsonValue.Create(false),
        _ => throw new FormatException("Answer y or n."),
    };

    /// <summary>As JSON writes numbers, so that what was typed is kept digit by digit.</summary>
    private static JsonNode Number(string text)
    {
        try
        {
            if (KitaruJson.Parse(text.Trim()) is JsonValue number && number.GetValueKind() == JsonValueKind.Number)
                return number;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new FormatException($"'{Texts.Short(text, 80)}' is not a number.");
    }

    private static string Shown(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : KitaruJson.Write(value);

    /// <summary>A value, or none at all for a field that is left out.</summary>
    private readonly record struct Given(JsonNode? Value, bool IsGiven = true)
    {
        public static Given Nothing => new(null, IsGiven: false);
    }
}
