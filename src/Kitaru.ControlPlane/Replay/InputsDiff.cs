using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

/// <summary>Which flow inputs of two executions differ.</summary>
internal static class InputsDiff
{
    public static async Task<IReadOnlyList<InputDiff>> OfAsync(IArtifacts artifacts, StoredValue original, StoredValue replay, CancellationToken cancellationToken)
    {
        if (original.Hash == replay.Hash)
            return [];
        var (before, after) = (await ReadAsync(artifacts, original, cancellationToken).ConfigureAwait(false), await ReadAsync(artifacts, replay, cancellationToken).ConfigureAwait(false));
        return [.. before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key), StringComparer.Ordinal)
            .Where(name => before.ContainsKey(name) != after.ContainsKey(name) || !JsonNode.DeepEquals(before[name], after[name]))
            .Select(name => new InputDiff(name, before[name], after[name]))];
    }

    private static async Task<JsonObject> ReadAsync(IArtifacts artifacts, StoredValue inputs, CancellationToken cancellationToken)
    {
        try
        {
            return KitaruJson.Parse(await artifacts.ReadAllAsync(inputs, cancellationToken).ConfigureAwait(false)) as JsonObject ?? [];
        }
        catch (Exception fault) when (fault is JsonException or KitaruNotFoundException)
        {
            return [];
        }
    }
}
