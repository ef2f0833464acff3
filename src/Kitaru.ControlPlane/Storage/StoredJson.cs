using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The JSON that stands in columns of its own shape; written before a change is queued, never on the writer's thread.</summary>
internal static class StoredJson
{
    public static string? OfList(IReadOnlyList<string> items)
    {
        if (items.Count == 0)
            return null;
        var array = new JsonArray();
        foreach (var item in items)
            array.Add((JsonNode?)JsonValue.Create(item));
        return KitaruJson.Write(array);
    }

    public static IReadOnlyList<string> ToList(string? json) =>
        json is null ? [] : [.. ((JsonArray)KitaruJson.Parse(json)!).Select(item => (string)item!)];

    public static string? OfObject(JsonObject? json)
    {
        try
        {
            return json is null ? null : KitaruJson.Write(json);
        }
        catch (InvalidOperationException error)
        {
            // As deep as it may be read again: a row that cannot be read would stop every later claim.
            throw new KitaruUsageException($"Metadata cannot be stored: {error.Message}", $"Nest it at most {KitaruJson.DepthMax} levels deep.", error);
        }
    }

    public static string? OfFailure(Failure? failure)
    {
        if (failure is null)
            return null;
        var json = new JsonObject
        {
            ["message"] = failure.Message,
            ["exceptionType"] = failure.ExceptionType,
            ["traceback"] = failure.Traceback,
            ["origin"] = StoredWords.Of(failure.Origin),
        };
        AddList(json, "causedBy", failure.CausedBy);
        AddList(json, "baseTypes", failure.BaseTypes);
        if (failure.Divergence is { } sides)
            json["divergence"] = new JsonObject { ["recorded"] = sides.Recorded, ["present"] = sides.Present, ["lastAgreed"] = sides.LastAgreed };
        return KitaruJson.Write(json);
    }

    public static Failure? ToFailure(string? text)
    {
        if (text is null)
            return null;
        var json = (JsonObject)KitaruJson.Parse(text)!;
        return new Failure(
            (string?)json["message"] ?? "", (string?)json["exceptionType"], (string?)json["traceback"], StoredWords.ToOrigin((string?)json["origin"]))
        {
            CausedBy = ListOf(json, "causedBy"),
            BaseTypes = ListOf(json, "baseTypes"),
            Divergence = json["divergence"] is JsonObject sides
                ? new DivergenceSides((string?)sides["recorded"] ?? "", (string?)sides["present"] ?? "", (string?)sides["lastAgreed"])
                : null,
        };
    }

    private static void AddList(JsonObject json, string key, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
            json[key] = new JsonArray([.. items.Select(item => (JsonNode?)JsonValue.Create(item))]);
    }

    private static IReadOnlyList<string> ListOf(JsonObject json, string key) =>
        json[key] is JsonArray array ? [.. array.Select(item => (string)item!)] : [];
}
