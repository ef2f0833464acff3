using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>
/// The journal of earlier runs while this run catches up with it: found by key, delivered in recorded order. What a replay took over is
/// found here too, but delivered in an order of its own (<see cref="ReplayOrder"/>).
/// </summary>
internal sealed class RecordedCalls
{
    private readonly Dictionary<string, JournalEntry> _byKey;
    private readonly LinkedList<JournalEntry> _undelivered;

    public RecordedCalls(IReadOnlyList<JournalEntry> journal)
    {
        _byKey = journal.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        _undelivered = new LinkedList<JournalEntry>(journal.Where(entry => entry.OriginalCallId is null));
    }

    public bool IsEmpty => _undelivered.Count == 0;

    public JournalEntry? First => _undelivered.First?.Value;

    public IEnumerable<JournalEntry> Undelivered => _undelivered;

    public JournalEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    public void Remove(JournalEntry entry) => _undelivered.Remove(entry);

    /// <summary>The record is not to be used: its call runs.</summary>
    public void Drop(string key) => _byKey.Remove(key);
}
