using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>
/// What a replay took over, in the source's recorded order. Of what the body waits for, the earliest in that order comes first: a
/// record is delivered, and a call that runs again holds back what was recorded after it, as it did in the source. So a race that is
/// replayed unchanged has the same winner.
/// </summary>
internal sealed class ReplayOrder
{
    private readonly LinkedList<Step> _left = [];
    private readonly Dictionary<string, LinkedListNode<Step>> _byKey = new(StringComparer.Ordinal);
    private readonly HashSet<string> _overridden;

    public ReplayOrder(ReplayPlan plan, IReadOnlyList<JournalEntry> journal)
    {
        IsStrict = plan.IsStrict;
        InputsDiffer = plan.InputsDiffer;
        _overridden = [.. plan.Steps.Where(step => step.Action == ReplayAction.Overridden).Select(step => step.Key)];
        var taken = journal.Where(entry => entry.OriginalCallId is not null).ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        foreach (var step in plan.Steps.Where(step => step.Seq is not null))
        {
            // A record that was taken over and is gone again, because a retry forgot it, runs like the others.
            var entry = taken.GetValueOrDefault(step.Key);
            _byKey[step.Key] = _left.AddLast(new Step(step.Key, step.Kind, step.Seq!.Value, entry));
        }
    }

    /// <summary>Nothing new has reached the body yet, so it must ask for exactly what was recorded.</summary>
    public bool IsStrict { get; private set; }

    /// <summary>The caller gave other inputs and wants what lies before the start reused all the same.</summary>
    public bool InputsDiffer { get; }

    public bool IsOverridden(string key) => _overridden.Contains(key);

    /// <summary>The earliest recorded step the body has not seen, while it must ask for it; null when it need not.</summary>
    public string? MustBePending => IsStrict ? _left.First?.Value.Key : null;

    public Step? First => _left.First?.Value;

    /// <summary>Records taken over that the body has not seen.</summary>
    public IEnumerable<JournalEntry> Left => _left.Select(step => step.Entry).OfType<JournalEntry>();

    /// <summary>The record to deliver now, or null when a call that runs again comes first, or none is waited for.</summary>
    public JournalEntry? Next(Func<string, bool> isPending)
    {
        for (var node = _left.First; node is not null; node = node.Next)
        {
            if (isPending(node.Value.Key))
                return node.Value.Entry;
        }
        return null;
    }

    /// <summary>The body saw the outcome of this call.</summary>
    public void Saw(JournalEntry entry)
    {
        if (_byKey.Remove(entry.Key, out var node))
            _left.Remove(node);
        if (entry.OriginalCallId is null || _overridden.Contains(entry.Key))
            IsStrict = false;
    }

    /// <summary>The record does not fit what the body asks for now: the call runs instead.</summary>
    public void Run(string key) => _byKey[key].Value = _byKey[key].Value with { Entry = null };

    /// <param name="Key">The call.</param>
    /// <param name="Kind">Checkpoint, wait or sleep.</param>
    /// <param name="Seq">Its place in the source.</param>
    /// <param name="Entry">The record taken over, or null when it runs again.</param>
    public sealed record Step(string Key, JournalKind Kind, long Seq, JournalEntry? Entry);
}
