using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>The journal of earlier runs while this run catches up with it: found by key, delivered in recorded order.</summary>
internal sealed class RecordedCalls
{
    private readonly Dictionary<string, JournalEntry> _byKey;
    private readonly LinkedList<JournalEntry> _undelivered;

    public RecordedCalls(IReadOnlyList<JournalEntry> journal)
    {
        _byKey = journal.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        _undelivered = new LinkedList<JournalEntry>(journal);
    }

    public bool IsEmpty => _undelivered.Count == 0;

    public JournalEntry? First => _undelivered.First?.Value;

    public IEnumerable<JournalEntry> Undelivered => _undelivered;

    public JournalEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    public void Remove(JournalEntry entry) => _undelivered.Remove(entry);
}
