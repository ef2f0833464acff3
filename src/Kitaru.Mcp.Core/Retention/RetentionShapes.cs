using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Retention;

/// <summary>Schemas that these tools share.</summary>
internal static class RetentionShapes
{
    /// <summary>The words for executions that have ended.</summary>
    public static IReadOnlyList<string> Ended { get; } = [.. StatusWords.All.Where(word => StatusWords.Behind(word).All(StatusWords.IsEnd))];

    public static JsonObject Numbers(string description) =>
        Shape.Map(description).With("additionalProperties", new JsonObject { ["type"] = "integer" });

    public static JsonObject TimeOrNull(string description) => Shape.OrNull(Shape.Time(description));
}
