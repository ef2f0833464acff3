using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Artifacts;
using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Resources;

/// <summary>A recorded value: JSON and text as text, bytes as a blob; a large one range by range.</summary>
internal static class ArtifactResource
{
    private const int BytesPreset = 32_768;
    private const int BytesMax = 200_000;

    public static KitaruResource Create() => new()
    {
        Pattern = new UriPattern("kitaru://artifacts/{artifact_id}{?offset,length}"),
        Name = "artifact",
        Title = "Artifact",
        Description =
            "One recorded value as it is; <exec_id>:inputs and <exec_id>:result are an execution's inputs and result. Of a large one a range of bytes, and the uri of the next range.",
        Toolset = Toolsets.Executions,
        Suggests = new Dictionary<string, Suggests> { ["artifact_id"] = Suggests.Artifacts },
        IsImmutable = true,
        ReadAsync = ReadAsync,
    };

    private static async Task<IList<ResourceContents>> ReadAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var id = call.Value("artifact_id").Trim();
        var artifact = await ArtifactLookup.FindAsync(kitaru, id, cancellationToken);
        var offset = call.NumberOrNull("offset", 0, artifact.Value.SizeBytes) ?? 0;
        var length = (int)(call.NumberOrNull("length", 64, BytesMax) ?? BytesPreset);
        var range = await ValueRange.ReadAsync(kitaru.Artifacts, artifact.Value, offset, length, cancellationToken);
        var contents = new List<ResourceContents> { Content(call, artifact.Value, range) };
        if (range.Truncated)
            contents[0].Meta = About(id, artifact, range);
        if (range.NextOffset is { } next)
        {
            contents.Add(new TextResourceContents
            {
                Uri = call.Address.Text,
                MimeType = StoredValue.Text,
                Text = $"[bytes {range.Offset} to {next} of {artifact.Value.SizeBytes}; the rest: {Next(call, id, next)}]",
            });
        }
        return contents;
    }

    private static ResourceContents Content(ResourceCall call, StoredValue value, ValueRange range) => range.Format switch
    {
        "base64" => BlobResourceContents.FromBytes(Convert.FromBase64String(range.Value!.GetValue<string>()), call.Address.Text, value.MediaType),
        // Text is stored as it is; JSON that was read whole is written again.
        "json" when value.MediaType == StoredValue.Json => Text(call, StoredValue.Json, KitaruJson.Write(range.Value)),
        // A part of JSON is no JSON.
        _ => Text(call, StoredValue.Text, range.Value!.GetValue<string>()),
    };

    private static TextResourceContents Text(ResourceCall call, string type, string text) => new() { Uri = call.Address.Text, MimeType = type, Text = PlainText.Of(text) };

    private static JsonObject About(string id, ArtifactRecord artifact, ValueRange range) => new()
    {
        ["artifact_id"] = id,
        ["media_type"] = artifact.Value.MediaType,
        ["size_bytes"] = artifact.Value.SizeBytes,
        ["hash"] = artifact.Value.Hash,
        ["offset"] = range.Offset,
        ["next_offset"] = range.NextOffset,
    };

    private static string Next(ResourceCall call, string id, long next) =>
        ResourceAddress.Of(["artifacts", id], ("offset", $"{next}"), ("length", call.QueryOrNull("length")));
}
