using System.Text.Json.Nodes;

namespace Kitaru;

/// <summary>Something that cleaning deletes, or the backup that it makes first.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Type"><c>file</c>, <c>directory</c> or <c>backup</c>.</param>
public sealed record CleanEntry(string Path, string Type)
{
    /// <summary>Its bytes; null when they are not counted.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>What is in it, or what becomes of it.</summary>
    public string? Note { get; init; }

    /// <summary>What is in a directory, where that says something.</summary>
    public IReadOnlyList<CleanEntry> Children { get; init; } = [];

    /// <summary>As the contract has it: what is not there has no key.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path, ["type"] = Type };
        if (SizeBytes is { } size)
            json["size_bytes"] = size;
        if (Note is not null)
            json["note"] = Note;
        if (Children.Count > 0)
            json["children"] = new JsonArray([.. Children.Select(child => child.ToJson())]);
        return json;
    }
}
