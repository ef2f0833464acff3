using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>What the planner knows of a call, wait or sleep of the execution that is replayed.</summary>
/// <param name="Key">Its invocation name.</param>
/// <param name="Name">Its name without ordinal.</param>
/// <param name="Kind">Checkpoint, wait or sleep.</param>
/// <param name="CallId">Its id.</param>
/// <param name="Seq">Its place in the recorded order; null when it has no outcome.</param>
/// <param name="Parents">Keys of what it followed on.</param>
/// <param name="HasOutput">Whether it returned a value.</param>
internal sealed record RecordedCall(string Key, string Name, JournalKind Kind, CallId CallId, long? Seq, IReadOnlyList<string> Parents, bool HasOutput)
{
    /// <summary>Its failure ended the execution: to reuse that would end the replay too.</summary>
    public bool EndedIt { get; init; }

    /// <summary>In the order in which the flow saw the outcomes; what has none comes last.</summary>
    public static IReadOnlyList<RecordedCall> Of(ExecutionRows rows)
    {
        var id = rows.Execution.Id;
        var culprits = Culprits(rows);
        var calls = DeliveredOrder.Of(rows.Journal, rows.Replay)
            .Select(entry => new RecordedCall(
                entry.Key, entry.Name, entry.Kind, CallIdOf(id, entry.Key), entry.Seq, entry.Parents, entry is { Status: JournalStatus.Completed, Value: not null })
            {
                EndedIt = culprits.Contains(entry.Key),
            })
            .ToList();
        var known = calls.Select(call => call.Key).ToHashSet(StringComparer.Ordinal);
        var unfinished = rows.Attempts.Select(attempt => (attempt.Key, attempt.Name)).Concat(rows.Running.Select(call => (call.Key, call.Name)));
        calls.AddRange(unfinished.Where(call => known.Add(call.Key)).Select(call => Unfinished(id, call.Key, call.Name, JournalKind.Checkpoint)));
        calls.AddRange(rows.Waits.Select(wait => wait.Name).Where(known.Add).Select(name => Unfinished(id, name, name, JournalKind.Wait)));
        return calls;
    }

    /// <summary>As a retry sees it: what the failure names, and failed calls nothing followed on.</summary>
    private static HashSet<string> Culprits(ExecutionRows rows)
    {
        if (rows.Execution.Status != ExecutionStatus.Failed)
            return [];
        var followed = rows.Journal.SelectMany(entry => entry.Parents).ToHashSet(StringComparer.Ordinal);
        var failed = rows.Journal.Where(entry => entry is { Kind: JournalKind.Checkpoint, Status: JournalStatus.Failed }).Select(entry => entry.Key).ToList();
        return [.. failed.Where(key => !followed.Contains(key) || (rows.Execution.Failure?.CausedBy.Contains(key, StringComparer.Ordinal) ?? false))];
    }

    private static RecordedCall Unfinished(ExecutionId id, string key, string name, JournalKind kind) => new(key, name, kind, CallIdOf(id, key), null, [], HasOutput: false);

    private static CallId CallIdOf(ExecutionId id, string key) => new(IdFactory.Derive(id, key));
}
