using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Schemas;

/// <summary>One argument of a tool.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Schema">What it may be; always with a description, so that it explains itself.</param>
/// <param name="Required">Whether a call must give it; an optional one may also be null.</param>
internal sealed record Argument(string Name, JsonObject Schema, bool Required)
{
    /// <summary>What is given for it is never repeated; nor is any other thing that a call of its tool may have in the wrong place.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>What a client is told, word for word; null to make it of <see cref="Schema"/>.</summary>
    public JsonObject? Shown { get; init; }

    /// <summary>The short way to take it; null when there is none.</summary>
    public PlainArgument? Plain { get; } = PlainArgument.Of(Schema);

    public static Argument Text(string name, string description, bool required = false, string? preset = null, string? example = null) =>
        new(name, Extras(Shape.Text(description).With("minLength", 1), preset, example), required);

    public static Argument Words(string name, string description, IEnumerable<string> words, string? preset = null) =>
        new(name, Extras(Shape.Words(description, words), preset, null), false);

    public static Argument Integer(string name, string description, long least, long most, long? preset = null) =>
        new(name, Extras(Shape.Integer(description).With("minimum", least).With("maximum", most), preset, null), false);

    public static Argument Flag(string name, string description, bool preset) =>
        new(name, Extras(Shape.Flag(description), preset, null), false);

    public static Argument Map(string name, string description, JsonObject? example = null, bool required = false) =>
        new(name, Extras(Shape.Map(description), null, example), required);

    public static Argument TextList(string name, string description, int most, string example, bool required = false)
    {
        var schema = Shape.List(description, new JsonObject { ["type"] = "string", ["minLength"] = 1 }).With("maxItems", most);
        return new(name, Extras(required ? schema.With("minItems", 1) : schema, null, new JsonArray(example)), required);
    }

    /// <summary>A list of texts or objects.</summary>
    public static Argument Items(string name, string description, int most, JsonArray example) =>
        new(name, Extras(
            Shape.List(description, new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                    new JsonObject { ["type"] = "object", ["additionalProperties"] = true }),
            }).With("maxItems", most), null, example), false);

    /// <summary>A text or an object.</summary>
    public static Argument TextOrMap(string name, string description, JsonObject example) => new(
        name,
        Extras(new JsonObject { ["description"] = description }.With("anyOf", new JsonArray(
            new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            new JsonObject { ["type"] = "object", ["additionalProperties"] = true })), null, example),
        false);

    /// <summary>A text or a whole number from 1.</summary>
    public static Argument TextOrNumber(string name, string description, string example) => new(
        name,
        Extras(new JsonObject { ["description"] = description }.With("anyOf", new JsonArray(
            new JsonObject { ["type"] = "string", ["minLength"] = 1 },
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = int.MaxValue })), null, example),
        false);

    /// <summary>Any JSON value: a description and no type.</summary>
    public static Argument Any(string name, string description) => new(name, new JsonObject { ["description"] = description }, true);

    private static JsonObject Extras(JsonObject schema, JsonNode? preset, JsonNode? example)
    {
        if (preset is not null)
            schema["default"] = preset;
        if (example is not null)
            schema["examples"] = new JsonArray(example);
        return schema;
    }
}
