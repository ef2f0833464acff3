using System.Text;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.SimulationTests.Programs;
using Kitaru.SimulationTests.World;

namespace Kitaru.SimulationTests.Oracles;

/// <summary>What must hold of the store when a history has ended, measured against what callers were told and bodies saw.</summary>
internal static class Audit
{
    public static void Check(SimWorld world)
    {
        foreach (var execution in world.Executions.Where(execution => !execution.IsOptional))
        {
            var rows = world.Rows(execution.Id)!;
            CheckCommits(world.Log, rows);
            CheckValues(world.Log, rows);
            CheckWaits(world.Log, rows);
            CheckNothingAfterTheEnd(world.Log, rows);
            CheckEnd(world, execution, rows);
        }
    }

    /// <summary>What was acknowledged is there, once, as it was.</summary>
    private static void CheckCommits(SideLog log, ExecutionRows rows)
    {
        var byKey = rows.Journal.ToDictionary(entry => entry.Key);
        foreach (var commit in log.Commits.Where(commit => commit.Execution == rows.Execution.Id))
        {
            var told = commit.Entry;
            if (!byKey.TryGetValue(told.Key, out var kept))
                throw SideLog.Violation(rows.Execution.Id, $"call '{told.Key}' (number {told.Seq}) was acknowledged at step {commit.At} and is lost");
            if (kept.Seq != told.Seq || kept.Status != told.Status || kept.Value?.Hash != told.Value?.Hash)
                throw SideLog.Violation(rows.Execution.Id, $"call '{told.Key}' was acknowledged as number {told.Seq}, {told.Status}, but number {kept.Seq}, {kept.Status}, is kept");
        }
    }

    /// <summary>What a body saw is what is recorded.</summary>
    private static void CheckValues(SideLog log, ExecutionRows rows)
    {
        foreach (var (_, value) in log.Seen.Where(seen => seen.Execution == rows.Execution.Id))
        {
            var kept = rows.Journal.FirstOrDefault(entry => entry.Key == value.Key);
            if (kept?.Value?.Hash != SideLog.HashOf(value))
                throw SideLog.Violation(rows.Execution.Id, $"the body saw {value}, which is not what is recorded under that key");
        }
    }

    /// <summary>A wait has the answer that somebody was told it has.</summary>
    private static void CheckWaits(SideLog log, ExecutionRows rows)
    {
        foreach (var ((_, name), told) in log.Answers.Where(answer => answer.Key.Execution == rows.Execution.Id))
        {
            var wait = rows.Waits.First(wait => wait.Name == name);
            var kept = wait.Status == WaitStatus.Aborted ? "aborted" : wait.Answer?.Inline is { } bytes ? Encoding.UTF8.GetString(bytes) : wait.Status.ToString();
            if (kept != told)
                throw SideLog.Violation(rows.Execution.Id, $"wait '{name}' was acknowledged as {told}, but {kept} is kept");
        }
    }

    /// <summary>Once somebody was told that it has ended, nothing is recorded any more.</summary>
    private static void CheckNothingAfterTheEnd(SideLog log, ExecutionRows rows)
    {
        if (log.Ended.TryGetValue(rows.Execution.Id, out var end) && end.Rows != rows.Journal.Count)
            throw SideLog.Violation(rows.Execution.Id, $"it has {rows.Journal.Count} records, but had {end.Rows} when {end.Why}");
    }

    private static void CheckEnd(SimWorld world, SimExecution execution, ExecutionRows rows)
    {
        var record = rows.Execution;
        var expected = Expectation.Of(execution.Program);
        if (execution.IsCancelled && record.Status != ExecutionStatus.Cancelled)
            throw SideLog.Violation(record.Id, $"somebody was told that it is cancelled, but it is {record.Status}");
        switch (record.Status)
        {
            case ExecutionStatus.Cancelled when execution.IsDisturbed:
            // Its workers were killed too often.
            case ExecutionStatus.Failed when record.Failure?.Origin == FailureOrigin.Runtime && record.Failure.Message.StartsWith("Its worker died", StringComparison.Ordinal) && world.Nemesis.Blows > 4:
            case ExecutionStatus.Failed when record.Failure?.Origin == FailureOrigin.UserCode && expected.MayFail && record.Failure.Message.Contains("on purpose", StringComparison.Ordinal):
                return;
            case ExecutionStatus.Failed when record.Failure?.Origin == FailureOrigin.UserCode && expected.MayFail && record.Failure.Message.Contains("limit of", StringComparison.Ordinal):
                return;
            case ExecutionStatus.Completed when execution.IsDisturbed:
                return;
            case ExecutionStatus.Completed:
                CheckResult(execution, record, expected);
                return;
        }
        throw SideLog.Violation(record.Id, $"it ended {record.Status} ({record.StatusReason}; {record.Failure?.Origin} {record.Failure?.Message}), which its program does not explain; expected {expected.Result?.ToString() ?? "a failure"}");
    }

    private static void CheckResult(SimExecution execution, ExecutionRecord record, Expectation expected)
    {
        var result = record.Result?.Inline is { } bytes ? Encoding.UTF8.GetString(bytes) : "(nothing)";
        if (expected.Result is not { } wanted || result != wanted.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw SideLog.Violation(record.Id, $"{execution.Program.Name} came to {result} instead of {expected.Result?.ToString() ?? "a failure"}");
        foreach (var (key, value) in expected.Metadata)
        {
            if (record.Metadata[key]?.GetValue<long>() != value)
                throw SideLog.Violation(record.Id, $"its metadata '{key}' is {record.Metadata[key]?.ToJsonString() ?? "not there"} instead of {value}");
        }
    }
}
