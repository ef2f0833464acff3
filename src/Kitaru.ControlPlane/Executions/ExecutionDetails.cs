using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Puts the rows of one execution together as clients see them (runtime.md 1.2, 1.3, 1.5).</summary>
internal static class ExecutionDetails
{
    public static ExecutionDetail Assemble(ExecutionRows rows)
    {
        var attempts = rows.Attempts.ToLookup(attempt => attempt.Key);
        var saved = rows.Saved.ToLookup(artifact => artifact.ProducingCall);
        var recorded = rows.Journal.Where(entry => entry.Kind == JournalKind.Checkpoint).ToList();
        var lineage = new CheckpointLineage(rows.Journal);
        var calls = recorded.Select(entry => OfEntry(rows.Execution, entry, lineage.ParentsOf(entry), attempts[entry.Key], saved[entry.Key])).ToList();
        var seen = recorded.Select(entry => entry.Key).ToHashSet();
        foreach (var running in rows.Running.Where(call => seen.Add(call.Key)))
            calls.Add(OfRunning(rows.Execution, running, attempts[running.Key]));
        foreach (var group in attempts.Where(group => seen.Add(group.Key)))
            calls.Add(OfAttempts(rows.Execution, group));
        var ordered = calls.OrderBy(call => call.StartedAt).ToList();
        var artifacts = recorded
            .SelectMany(entry => saved[entry.Key].Concat(Output(rows.Execution, entry)))
            .DistinctBy(artifact => artifact.Id)
            .ToList();
        return new ExecutionDetail(rows.Execution, ordered, artifacts, rows.Waits, rows.Replay);
    }

    private static CallRecord OfEntry(
        ExecutionRecord execution, JournalEntry entry, IEnumerable<string> parents, IEnumerable<AttemptRecord> earlier, IEnumerable<ArtifactRecord> saved)
    {
        var id = IdFactory.Derive(execution.Id, entry.Key);
        var status = entry.Status == JournalStatus.Completed ? ExecutionStatus.Completed : ExecutionStatus.Failed;
        var before = earlier.OrderBy(attempt => attempt.Attempt).ToList();
        var attempts = before.ConvertAll(attempt => OfAttempt(execution.Id, attempt));
        // The record says when the call was made; its last attempt began when the one before had ended.
        attempts.Add(new CallAttempt(
            id, status, Interrupted: false, before.Count == 0 ? entry.StartedAt : before[^1].EndedAt, entry.EndedAt, entry.Metadata ?? [], entry.Failure));
        return new CallRecord
        {
            Id = new CallId(id),
            Name = entry.Key,
            Seq = entry.Seq,
            Type = entry.Type,
            Status = status,
            StartedAt = before.Count == 0 || entry.StartedAt < before[0].StartedAt ? entry.StartedAt : before[0].StartedAt,
            EndedAt = entry.EndedAt,
            Metadata = entry.Metadata ?? [],
            OriginalCallId = entry.OriginalCallId,
            CachedCallId = entry.CachedCallId,
            Parents = [.. parents.Select(parent => new CallId(IdFactory.Derive(execution.Id, parent)))],
            Failure = entry.Failure,
            Attempts = attempts,
            Artifacts = [.. saved, .. Output(execution, entry)],
        };
    }

    private static CallRecord OfRunning(ExecutionRecord execution, RunningCall call, IEnumerable<AttemptRecord> earlier)
    {
        var id = IdFactory.Derive(execution.Id, call.Key);
        var before = earlier.OrderBy(attempt => attempt.Attempt).ToList();
        var attempts = before.ConvertAll(attempt => OfAttempt(execution.Id, attempt));
        attempts.Add(new CallAttempt(id, ExecutionStatus.Running, Interrupted: false, call.StartedAt, null, [], null));
        return new CallRecord
        {
            Id = new CallId(id),
            Name = call.Key,
            Type = call.Type,
            Status = ExecutionStatus.Running,
            StartedAt = before.Count == 0 ? call.StartedAt : before[0].StartedAt,
            Attempts = attempts,
        };
    }

    /// <summary>Tried, not running now and without an outcome: it will be tried again, unless the execution has ended.</summary>
    private static CallRecord OfAttempts(ExecutionRecord execution, IEnumerable<AttemptRecord> group)
    {
        var tried = group.OrderBy(attempt => attempt.Attempt).ToList();
        var last = tried[^1];
        var id = IdFactory.Derive(execution.Id, last.Key);
        var attempts = tried.ConvertAll(attempt => OfAttempt(execution.Id, attempt));
        attempts[^1] = attempts[^1] with { Id = id };
        var ended = ExecutionTransitions.IsTerminal(execution.Status);
        return new CallRecord
        {
            Id = new CallId(id),
            Name = last.Key,
            Status = !ended ? ExecutionStatus.Running : execution.Status == ExecutionStatus.Cancelled ? ExecutionStatus.Cancelled : ExecutionStatus.Failed,
            StartedAt = tried[0].StartedAt,
            EndedAt = ended ? last.EndedAt : null,
            Metadata = last.Metadata ?? [],
            Failure = last.Failure,
            Attempts = attempts,
        };
    }

    private static CallAttempt OfAttempt(ExecutionId execution, AttemptRecord attempt) => new(
        IdFactory.Derive(execution, $"{attempt.Key}#{attempt.Attempt}"), ExecutionStatus.Failed, attempt.Interrupted,
        attempt.StartedAt, attempt.EndedAt, attempt.Metadata ?? [], attempt.Failure);

    private static IEnumerable<ArtifactRecord> Output(ExecutionRecord execution, JournalEntry entry) =>
        entry.Value is { } value ? [StepOutput.Of(execution.Id, execution.FlowName, entry.Key, entry.Type, value)] : [];
}
