using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kitaru.Engine;

/// <summary>The JSON Schema of a wait's answer.</summary>
internal static class WaitSchema
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Default)
    {
        // As the codec reads answers: tuples carry their items in fields.
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true };

    /// <summary>Null when any value will do.</summary>
    public static JsonObject? For<T>() =>
        typeof(T) == typeof(JsonElement) || typeof(T) == typeof(JsonNode) || typeof(T) == typeof(object)
            ? null
            : Options.GetJsonSchemaAsNode(typeof(T), Exporter) as JsonObject;
}
