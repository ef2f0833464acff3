using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Which call of a replay stands beside which of its original (runtime.md 6.3).</summary>
internal static class CallAlignment
{
    /// <summary>By original call id, else the first call of the same name that is not taken; what is left over stands alone, the original's first.</summary>
    public static IReadOnlyList<(CallRecord? Original, CallRecord? Replay)> Of(IReadOnlyList<CallRecord> original, IReadOnlyList<CallRecord> replay)
    {
        var known = original.Select(call => call.Id).ToHashSet();
        var byOriginal = replay.Where(call => call.OriginalCallId is { } id && known.Contains(id)).DistinctBy(call => call.OriginalCallId).ToDictionary(call => call.OriginalCallId!.Value);
        var taken = byOriginal.Values.Select(call => call.Id).ToHashSet();
        var byName = replay.Where(call => !taken.Contains(call.Id)).GroupBy(call => call.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Queue<CallRecord>(group), StringComparer.Ordinal);
        var rows = new List<(CallRecord?, CallRecord?)>();
        foreach (var call in original)
        {
            var match = byOriginal.GetValueOrDefault(call.Id);
            if (match is null && byName.TryGetValue(call.Name, out var sameName) && sameName.TryDequeue(out match))
                taken.Add(match.Id);
            rows.Add((call, match));
        }
        rows.AddRange(replay.Where(call => !taken.Contains(call.Id)).Select(call => ((CallRecord?)null, (CallRecord?)call)));
        return rows;
    }
}
