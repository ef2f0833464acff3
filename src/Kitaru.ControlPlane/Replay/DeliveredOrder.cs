using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>
/// The order in which an execution's flow saw its records. It is the order of their numbers, except in a replay: there a record that was taken over
/// came after what had gone before it in the source and ran again.
/// </summary>
internal static class DeliveredOrder
{
    public static IReadOnlyList<JournalEntry> Of(IReadOnlyList<JournalEntry> journal, ReplayPlan? replay)
    {
        if (replay is null)
            return journal;
        var place = replay.Steps.Where(step => step.Seq is not null).Select((step, i) => (step.Key, i)).ToDictionary(step => step.Key, step => step.i, StringComparer.Ordinal);
        var own = journal.Where(entry => entry.OriginalCallId is null).ToList();
        // How many of the own records went before each taken-over one.
        var taken = journal.Where(entry => entry.OriginalCallId is not null)
            .Select(entry => (Entry: entry, Place: place.GetValueOrDefault(entry.Key, int.MaxValue)))
            .Select(one => (one.Entry, one.Place, After: own.FindLastIndex(entry => place.TryGetValue(entry.Key, out var before) && before < one.Place) + 1))
            .OrderBy(one => one.Place)
            .ToLookup(one => one.After, one => one.Entry);
        var ordered = new List<JournalEntry>(journal.Count);
        for (var i = 0; i <= own.Count; i++)
        {
            ordered.AddRange(taken[i]);
            if (i < own.Count)
                ordered.Add(own[i]);
        }
        return ordered;
    }
}
