using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>Specs inside metadata. Executions of one list mostly have the same spec, which then is made ready once.</summary>
internal sealed class ShownSpecs
{
    private JsonObject? _spec;
    private JsonElement? _shown;

    /// <summary>The spec without nulls, as a node of its own.</summary>
    public JsonObject Of(JsonObject spec)
    {
        if (ReferenceEquals(spec, _spec))
            return JsonObject.Create(_shown ??= Element(SpecJson.WithoutNulls(spec)))!;
        (_spec, _shown) = (spec, null);
        return SpecJson.WithoutNulls(spec);
    }

    private static JsonElement Element(JsonObject spec) => JsonElement.Parse(KitaruJson.WriteBytes(spec));
}
