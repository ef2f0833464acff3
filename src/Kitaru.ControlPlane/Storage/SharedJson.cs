using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>JSON of rows that are read together: a text that is the same as the one before is the same object, which nobody changes.</summary>
internal sealed class SharedJson
{
    private string? _text;
    private JsonObject? _object;

    public JsonObject? Of(string? text)
    {
        if (text is null)
            return null;
        if (text != _text)
            (_text, _object) = (text, (JsonObject?)KitaruJson.Parse(text));
        return _object;
    }
}
