using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.UnitTests.Wire;

/// <summary>Comparisons, cohorts and submissions on the wire.</summary>
public class ReplayJsonTests
{
    // Copied by hand from the contract: runtime.md 6.2 to 6.4, appendix D.4 to D.6.
    private static readonly string[] DiffKeys = ["original_exec_id", "compared", "urls", "warnings"];
    private static readonly string[] ComparedKeys = ["replay_exec_id", "checkpoints", "applied_output_overrides"];

    private static readonly string[] RowKeys =
        ["name", "original_call_id", "replay_call_id", "status_match", "duration_delta_ms", "token_delta", "cost_delta_usd", "artifact_hashes"];

    private static readonly string[] CohortKeys =
        ["flow", "at", "deployment", "deployment_version", "order_by", "exec_ids", "scanned", "matched", "partial", "filtered", "ranked"];

    private static readonly string[] SubmissionKeys =
        ["submission_id", "tag", "at", "wait", "plan", "results", "failures", "skipped", "summary", "compare_url"];

    private static readonly ExecutionId Replay = new(Guid.Parse("0199c0de-0000-7000-8000-0000000000aa"));

    [Fact]
    public async Task Diff_HasTheContractsKeysFirstThenOurs()
    {
        var diff = await DiffJson.OfAsync(new ExecutionDiff(Samples.Execution, [Compared()], ["w"]) { Urls = ["u"] }, artifacts: null!);
        Keys(diff).ShouldBe(DiffKeys);
        var compared = diff["compared"]![0]!;
        Keys(compared).ShouldBe([.. ComparedKeys, "status", "summary", "result_changed", "result", "inputs_changed", "inputs", "waits_changed"]);
        var row = compared["checkpoints"]![0]!;
        Keys(row).ShouldBe([.. RowKeys, "changed", "action", "value", "failure"]);
        Keys(row["token_delta"]!).ShouldBe(["prompt_tokens", "completion_tokens", "total_tokens"]);
        row["artifact_hashes"]!.ToJsonString().ShouldBe("""{"output":{"original":"ab12","replay":"cd34"}}""");
        row["cost_delta_usd"].ShouldBeNull();
        Keys(compared["summary"]!).ShouldBe(["changed", "added", "removed", "same"]);
    }

    [Fact]
    public async Task Diff_UnchangedCalls_CanBeLeftOut()
    {
        var compared = Compared();
        compared = compared with { Calls = [.. compared.Calls.Select(call => call with { Changed = false })] };
        var diff = await DiffJson.OfAsync(new ExecutionDiff(Samples.Execution, [compared], []), artifacts: null!, withUnchanged: false);
        diff["compared"]![0]!["checkpoints"]!.AsArray().ShouldBeEmpty();
        ((int)diff["compared"]![0]!["summary"]!["same"]!).ShouldBe(1);
    }

    [Fact]
    public void Cohort_HasTheContractsKeys()
    {
        var member = new CohortMember(Samples.Id, Samples.Time, Samples.Time, TimeSpan.FromSeconds(1.5), 0.41, null);
        var cohort = new Cohort
        {
            Query = new CohortQuery { Flow = "invoice_triage", At = "classify", Order = CohortOrder.Parse("-display_cost_usd") },
            Members = [member],
            Scanned = 40,
            Matched = 1,
            IsPartial = false,
            Filtered = new CohortFiltered(30, 5, 0, 0, 4, 0),
        };
        var json = CohortJson.Of(cohort);
        Keys(json).ShouldBe(CohortKeys);
        json["filtered"]!.ToJsonString().ShouldBe("""{"status":30,"originals":5,"deployment":0,"checkpoint":4,"window":0,"ambiguous_checkpoint":0}""");
        json["ranked"]!.ToJsonString().ShouldBe($$"""[{"exec_id":"{{Samples.Id}}","sort_value":0.41}]""");
        CohortJson.Of(cohort with { Query = cohort.Query with { Order = CohortOrder.Parse("duration") } })["ranked"]![0]!["sort_value"]!.ToJsonString().ShouldBe("1.5");
        CohortJson.Of(cohort with { Query = cohort.Query with { Order = CohortOrder.Parse("started_at") } })["ranked"]![0]!["sort_value"]!.ToString().ShouldBe("2026-06-16T08:30:00+00:00");
        CohortJson.Of(cohort with { Query = cohort.Query with { Order = CohortOrder.Parse("total_tokens") } })["ranked"]![0]!["sort_value"].ShouldBeNull();
    }

    [Fact]
    public void Submission_HasTheContractsKeysFirstThenOurs()
    {
        var json = SubmissionJson.Of(new ReplaySubmission
        {
            Id = "rs-20260701T101500Z-1a2b3c4d",
            At = "classify",
            Wait = false,
            Plan = new SubmissionPlan { MatchedTargets = new Dictionary<string, IReadOnlyList<string>> { ["checkpoint:lookup_tool"] = ["lookup_tool", "lookup_tool_2"] } },
            Results = [Result(SubmissionStatus.Submitted), Result(SubmissionStatus.Completed), Result(SubmissionStatus.Failed)],
            Failures = [new SubmissionProblem("bad", null, "could not load")],
            Skipped = [new SubmissionProblem("9e1f", Samples.Id, "no such checkpoint")],
        });
        Keys(json).ShouldBe([.. SubmissionKeys, "dry_run", "plans", "warnings"]);
        Keys(json["plan"]!).ShouldBe(["flow_overrides", "checkpoint_overrides", "invocation_overrides", "skip", "matched_targets"]);
        Keys(json["results"]![0]!).ShouldBe(["original_exec_ref", "original_exec_id", "replay_exec_id", "status", "compare_url"]);
        Keys(json["failures"]![0]!).ShouldBe(["original_exec_ref", "original_exec_id", "reason"]);
        Keys(json["skipped"]![0]!).ShouldBe(["original_exec_ref", "original_exec_id", "reason"]);
        // failed: rows that could not be submitted and replays that failed.
        json["summary"]!.ToJsonString().ShouldBe("""{"submitted":3,"completed":1,"failed":2,"skipped":1}""");
        json["plan"]!["matched_targets"]!.ToJsonString().ShouldBe("""{"checkpoint:lookup_tool":["lookup_tool","lookup_tool_2"]}""");
    }

    private static SubmittedReplay Result(SubmissionStatus status) => new("7d0c", Samples.Id, Replay, status, null);

    private static ReplayDiff Compared()
    {
        var call = Samples.Call with
        {
            Metadata = new JsonObject { ["llm_usage_v1"] = JsonNode.Parse("""{"r":{"schema_version":1,"usage":{"input_tokens":3},"cost":{}}}""") },
        };
        return new ReplayDiff
        {
            Replay = Samples.Execution with { Id = Replay, OriginalId = Samples.Id },
            ResultChanged = false,
            Calls =
            [
                new CallDiff
                {
                    Name = call.Name,
                    Original = call,
                    Replay = call,
                    Action = ReplayAction.Run,
                    Changed = true,
                    Values = [new ValueDiff("output", null, null, "ab12", "cd34", Changed: true)],
                },
            ],
        };
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
