using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Which checkpoints a checkpoint followed on: through waits and sleeps, which clients do not know as calls.</summary>
internal sealed class CheckpointLineage
{
    /// <summary>For each wait and sleep the checkpoints it followed on.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>> _through = new(StringComparer.Ordinal);

    public CheckpointLineage(IReadOnlyList<JournalEntry> journal)
    {
        // What a wait followed on was recorded before it, so each is known when it is needed.
        foreach (var entry in journal.Where(entry => entry.Kind != JournalKind.Checkpoint))
            _through[entry.Key] = ParentsOf(entry);
    }

    public IReadOnlyList<string> ParentsOf(JournalEntry entry) => entry.Parents.Any(_through.ContainsKey)
        ? [.. entry.Parents.SelectMany(parent => _through.TryGetValue(parent, out var before) ? before : [parent]).Distinct()]
        : entry.Parents;
}
