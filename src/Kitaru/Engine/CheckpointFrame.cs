using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>What one attempt of a checkpoint gathers while it runs; committed together with its outcome.</summary>
internal sealed class CheckpointFrame(FlowRun run, string key, CancellationToken cancellationToken)
{
    private readonly Lock _gate = new();
    private readonly List<NewArtifact> _artifacts = [];
    private JsonObject? _metadata;
    private JsonArray? _nested;

    public FlowRun Run { get; } = run;

    public string Key { get; } = key;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Set when the attempt is over: what is printed later belongs to the execution, not to this call.</summary>
    public bool Ended { get; private set; }

    public void SetMetadata(string key, JsonNode? value)
    {
        lock (_gate)
            MetadataMerge.Set(_metadata ??= [], key, value);
    }

    public void NoteNestedCall(string name)
    {
        lock (_gate)
        {
            if ((_nested ??= []).Count < 1000)
                _nested.Add(name);
        }
    }

    public void AddArtifact(NewArtifact artifact)
    {
        lock (_gate)
            _artifacts.Add(artifact);
    }

    /// <summary>Closes the frame and hands out what it gathered.</summary>
    public (JsonObject? Metadata, IReadOnlyList<NewArtifact> Artifacts) End()
    {
        lock (_gate)
        {
            Ended = true;
            if (_nested is not null)
                (_metadata ??= [])["nested_checkpoints"] = _nested;
            return (_metadata, _artifacts.Count == 0 ? [] : _artifacts.ToArray());
        }
    }
}
