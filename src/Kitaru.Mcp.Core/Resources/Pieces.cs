using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Resources;

/// <summary>What resources are read as.</summary>
internal static class Pieces
{
    public static IList<ResourceContents> Json(ResourceCall call, JsonNode? node) =>
        [new TextResourceContents { Uri = call.Address.Text, MimeType = StoredValue.Json, Text = PlainText.Of(KitaruJson.Write(node)) }];

    public static IList<ResourceContents> Text(ResourceCall call, string text) =>
        [new TextResourceContents { Uri = call.Address.Text, MimeType = StoredValue.Text, Text = PlainText.Of(text) }];

    /// <summary>A page of a list in the form of the list tools; <c>next</c> is the address of the page behind it.</summary>
    public static IList<ResourceContents> Page(ResourceCall call, IReadOnlyList<JsonObject> all, string[] path)
    {
        const int itemsPreset = 100;
        var offset = (int)(call.NumberOrNull("offset", 0, int.MaxValue) ?? 0);
        var limit = (int)(call.NumberOrNull("limit", 1, 1000) ?? itemsPreset);
        var (items, bytes) = (new List<JsonObject>(), 0);
        foreach (var item in all.Skip(offset).Take(limit))
        {
            bytes += KitaruJson.Size(item) + 1;
            if (bytes > ResultBudget.BytesMax && items.Count > 0)
                break;
            items.Add(item);
        }
        var end = offset + items.Count;
        return Json(call, new JsonObject
        {
            ["result"] = new JsonArray([.. items]),
            ["total"] = all.Count,
            ["next"] = end < all.Count ? ResourceAddress.Of(path, ("offset", $"{end}"), ("limit", call.QueryOrNull("limit"))) : null,
        });
    }
}
