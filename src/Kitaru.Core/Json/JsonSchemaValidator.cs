using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>
/// Checks a value against a JSON Schema (the part of draft 2020-12 that inputs, answers and tool results need). Schema and value
/// may both be hostile: depth, work and patterns are limited. Keywords it does not know are ignored.
/// </summary>
public static class JsonSchemaValidator
{
    /// <summary>How many messages one check gives at most.</summary>
    public const int ErrorsMax = 20;

    /// <summary>
    /// One message per fault: JSON path, what is expected, what was seen (<c>$.rows[2].total: expected integer, got string "x"</c>).
    /// Empty when the value fits.
    /// </summary>
    public static IReadOnlyList<string> Validate(JsonObject schema, JsonNode? value)
    {
        var check = new SchemaCheck(schema);
        check.Check(schema, value, "$");
        if (check.Undecided is { } reason && check.Errors.Count == 0)
            check.Say(reason);
        return check.Errors;
    }
}
