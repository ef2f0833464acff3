using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Artifacts on the wire (runtime.md 1.5 and 9.3).</summary>
public static class ArtifactJson
{
    /// <summary>The metadata key under which the contract keeps a saved artifact's kind.</summary>
    public const string KindKey = "kitaru_artifact_type";

    /// <summary>artifact_id, name, kind, save_type, producing_call, metadata; ours: media_type, size_bytes.</summary>
    public static JsonObject Of(ArtifactRecord artifact)
    {
        var json = Head(artifact);
        json["media_type"] = artifact.Value.MediaType;
        json["size_bytes"] = artifact.Value.SizeBytes;
        return json;
    }

    /// <summary>The reference with a piece of its value; ours after value_type: media_type, size_bytes, hash, offset, next_offset, truncated.</summary>
    public static JsonObject WithValue(ArtifactRecord artifact, ValueRange range)
    {
        var json = Head(artifact);
        json["value"] = range.Value;
        json["value_format"] = range.Format;
        json["value_type"] = artifact.Value.TypeName;
        json["media_type"] = artifact.Value.MediaType;
        json["size_bytes"] = artifact.Value.SizeBytes;
        json["hash"] = artifact.Value.Hash;
        json["offset"] = range.Offset;
        json["next_offset"] = range.NextOffset;
        json["truncated"] = range.Truncated;
        return json;
    }

    private static JsonObject Head(ArtifactRecord artifact)
    {
        var metadata = (JsonObject)artifact.Metadata.DeepClone();
        if (artifact is { SaveType: "manual", Kind: { } kind })
            metadata.TryAdd(KindKey, kind);
        return new JsonObject
        {
            ["artifact_id"] = artifact.Id.ToString(),
            ["name"] = artifact.Name,
            ["kind"] = artifact.Kind,
            ["save_type"] = artifact.SaveType,
            ["producing_call"] = artifact.ProducingCall,
            ["metadata"] = metadata,
        };
    }
}
