using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Schemas;

/// <summary>
/// The schema of a tool's structured result. It also allows <c>{"error": …}</c>, because many clients check results that are errors
/// against the same schema.
/// </summary>
internal static class ResultSchema
{
    public static JsonObject Object(string description, params (string Key, JsonObject Schema)[] members) =>
        OrError(Shape.Object(description, members));

    public static JsonObject List(string items, JsonObject item) => Object(
        "A page of a list.",
        ("result", Shape.List(items, item)),
        ("total", Shape.Integer("How many match in all.")),
        ("next_cursor", Shape.OrNull(Shape.Text("Pass it as cursor for the next page; null at the end."))));

    public static JsonObject Text(string description) => Object("A text.", ("result", Shape.Text(description)));

    /// <summary>Takes an object's schema apart: its required keys, or an error.</summary>
    public static JsonObject OrError(JsonObject schema)
    {
        var required = schema["required"]!.DeepClone();
        schema.Remove("required");
        ((JsonObject)schema["properties"]!)["error"] = Shape.Map("Only when the call failed: type, message, next_step, details.");
        return schema.With("anyOf", new JsonArray(
            new JsonObject { ["required"] = required },
            new JsonObject { ["required"] = new JsonArray("error") }));
    }
}
