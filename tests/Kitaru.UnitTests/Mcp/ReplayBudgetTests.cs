using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Replay;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Large comparisons and submissions stay readable and say what they left out.</summary>
public class ReplayBudgetTests
{
    [Theory]
    [InlineData(1, 1, 100, 10, 100, "")]
    [InlineData(1, 1, 5000, 3, 3, "4997 unchanged calls")]
    [InlineData(1, 2, 300, 300, null, "values of 600 changed calls")]
    [InlineData(1, 1, 3000, 3000, null, "changed calls are left out")]
    [InlineData(50, 4, 20, 20, null, "changed calls are left out")]
    [InlineData(1, 50, 100, 100, null, "changed calls are left out")]
    public void Fit_Diffs_LeaveOutWhatMattersLeastFirst(int originals, int replays, int calls, int changed, int? shown, string warning)
    {
        var diffs = Enumerable.Range(0, originals).Select(_ => Diff(replays, calls, changed)).ToList();

        DiffBudget.Fit(diffs);

        diffs.Sum(diff => KitaruJson.Size(diff)).ShouldBeLessThanOrEqualTo(ResultBudget.BytesMax);
        string.Join('\n', diffs[0]["warnings"]!.AsArray().Select(text => text!.ToString())).ShouldContain(warning);
        diffs.SelectMany(diff => diff["compared"]!.AsArray()).ShouldAllBe(replay => (int)replay!["summary"]!["changed"]! == changed);
        if (shown is not null)
            diffs[0]["compared"]![0]!["checkpoints"]!.AsArray().Count.ShouldBe(shown.Value);
        var schema = DiffShapes.Diff();
        diffs.ForEach(diff => JsonSchemaValidator.Validate(schema, diff).ShouldBeEmpty());
    }

    [Fact]
    public void Fit_LargeEnds_AreLeftOutBeforeCalls()
    {
        var diff = Diff(replays: 20, calls: 1, changed: 1, ends: 5000);
        DiffBudget.Fit([diff]);
        KitaruJson.Size(diff).ShouldBeLessThanOrEqualTo(ResultBudget.BytesMax);
        diff["compared"]!.AsArray().Count.ShouldBe(20);
        diff["compared"]![0]!["checkpoints"]!.AsArray().Count.ShouldBe(1);
        diff["warnings"]!.AsArray().Select(text => text!.ToString()).ShouldContain(text => text.StartsWith("results, inputs and answers are left out"));
    }

    [Fact]
    public void Fit_Submission_CutsPlansThenResults()
    {
        var submission = new JsonObject { ["tag"] = "june", ["plans"] = Items(10), ["results"] = Items(1000), ["skipped"] = Items(2), ["failures"] = Items(2) };

        SubmissionBudget.Fit(submission);

        KitaruJson.Size(submission).ShouldBeLessThan(ResultBudget.BytesMax + 500);
        submission["plans"]!.AsArray().ShouldBeEmpty();
        submission["failures"]!.AsArray().Count.ShouldBe(2);
        submission["truncated"]!["results"]!.ToString().ShouldEndWith("of 1000 shown");
        submission["truncated"]!["read_with"]!.ToString().ShouldContain("june");
    }

    private static JsonArray Items(int count) => new([.. Enumerable.Range(0, count).Select(_ => new JsonObject { ["text"] = new string('x', 200) })]);

    private static JsonObject Diff(int replays, int calls, int changed, int ends = 10) => new()
    {
        ["original_exec_id"] = "o",
        ["compared"] = new JsonArray([.. Enumerable.Range(0, replays).Select(_ => Replay(calls, changed, ends))]),
        ["urls"] = new JsonArray(),
        ["warnings"] = new JsonArray(),
    };

    private static JsonNode Replay(int calls, int changed, int ends) => new JsonObject
    {
        ["replay_exec_id"] = "r",
        ["checkpoints"] = new JsonArray([.. Enumerable.Range(0, calls).Select(i => Row(i, i < changed))]),
        ["applied_output_overrides"] = new JsonArray(),
        ["status"] = "completed",
        ["summary"] = new JsonObject { ["changed"] = changed, ["added"] = 0, ["removed"] = 0, ["same"] = calls - changed },
        ["result_changed"] = true,
        ["result"] = new JsonObject { ["original"] = new string('a', ends), ["replay"] = new string('b', ends) },
        ["inputs_changed"] = new JsonArray("x"),
        ["inputs"] = new JsonObject { ["x"] = new string('a', ends) },
        ["waits_changed"] = new JsonArray(),
    };

    private static JsonNode Row(int i, bool changed) => new JsonObject
    {
        ["name"] = $"call_{i}",
        ["original_call_id"] = "0199c0de-0000-7000-8000-0000000000aa",
        ["replay_call_id"] = "0199c0de-0000-7000-8000-0000000000ab",
        ["status_match"] = true,
        ["duration_delta_ms"] = 1.5,
        ["token_delta"] = null,
        ["cost_delta_usd"] = null,
        ["artifact_hashes"] = new JsonObject { ["output"] = new JsonObject { ["original"] = new string('a', 64), ["replay"] = new string('b', 64) } },
        ["changed"] = changed,
        ["action"] = "run",
        ["value"] = changed ? new JsonObject { ["original"] = new string('a', 300), ["replay"] = new string('b', 300) } : null,
        ["failure"] = null,
    };
}
