using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>A submission of replays on the wire (runtime.md 6.2 and appendix D.4).</summary>
public static class SubmissionJson
{
    /// <summary>The contract's ten keys; ours: dry_run, plans, warnings.</summary>
    public static JsonObject Of(ReplaySubmission submission) => new()
    {
        ["submission_id"] = submission.Id,
        ["tag"] = submission.Tag,
        ["at"] = submission.At,
        ["wait"] = submission.Wait,
        ["plan"] = Plan(submission.Plan),
        ["results"] = new JsonArray([.. submission.Results.Select(Result)]),
        ["failures"] = new JsonArray([.. submission.Failures.Select(Problem)]),
        ["skipped"] = new JsonArray([.. submission.Skipped.Select(Problem)]),
        ["summary"] = new JsonObject
        {
            ["submitted"] = submission.Results.Count,
            ["completed"] = Count(submission, SubmissionStatus.Completed),
            ["failed"] = submission.Failures.Count + Count(submission, SubmissionStatus.Failed),
            ["skipped"] = submission.Skipped.Count,
        },
        ["compare_url"] = submission.CompareUrl,
        ["dry_run"] = submission.Id is null,
        ["plans"] = new JsonArray([.. submission.Plans.Select(Planned)]),
        ["warnings"] = Names(submission.Warnings),
    };

    private static int Count(ReplaySubmission submission, SubmissionStatus status) => submission.Results.Count(result => result.Status == status);

    private static JsonObject Plan(SubmissionPlan plan) => new()
    {
        ["flow_overrides"] = plan.FlowOverrides.DeepClone(),
        ["checkpoint_overrides"] = plan.CheckpointOverrides.DeepClone(),
        ["invocation_overrides"] = plan.InvocationOverrides.DeepClone(),
        ["skip"] = Names(plan.Skip),
        ["matched_targets"] = new JsonObject([.. plan.MatchedTargets.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Names(pair.Value)))]),
    };

    private static JsonNode Result(SubmittedReplay result) => new JsonObject
    {
        ["original_exec_ref"] = result.Reference,
        ["original_exec_id"] = result.Original.ToString(),
        ["replay_exec_id"] = result.Replay.ToString(),
        ["status"] = result.Status switch
        {
            SubmissionStatus.Completed => "completed",
            SubmissionStatus.Failed => "failed",
            _ => "submitted",
        },
        ["compare_url"] = result.CompareUrl,
    };

    private static JsonNode Problem(SubmissionProblem problem) => new JsonObject
    {
        ["original_exec_ref"] = problem.Reference,
        ["original_exec_id"] = problem.Original?.ToString(),
        ["reason"] = problem.Reason,
    };

    /// <summary>What one replay would do, in short: how many calls, and which would not be reused.</summary>
    private static JsonNode Planned(ReplayPlan plan) => new JsonObject
    {
        ["original_exec_id"] = plan.Source.ToString(),
        ["from"] = plan.From,
        ["counts"] = ReplayPlanJson.Counts(plan),
        ["overridden"] = Names(plan.Steps.Where(step => step.Action == ReplayAction.Overridden).Select(step => step.Key)),
        ["run"] = Names(plan.Steps.Where(step => step.Action == ReplayAction.Run).Select(step => step.Key)),
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
