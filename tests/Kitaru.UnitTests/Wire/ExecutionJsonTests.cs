using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.UnitTests.Wire;

public class ExecutionJsonTests
{
    // Copied by hand from the contract.
    private static readonly string[] SummaryKeys =
    [
        "exec_id", "flow_id", "flow_name", "status", "started_at", "ended_at", "stack_name", "status_reason", "pending_wait", "failure",
        "metadata", "checkpoint_count", "artifact_count", "llm_usage_summary",
    ];

    private static readonly string[] FullKeys =
        [.. SummaryKeys, "frozen_execution_spec", "original_exec_id", "llm_usage_records", "checkpoints", "artifacts"];

    private static readonly string[] CallKeys =
    [
        "call_id", "name", "checkpoint_type", "status", "started_at", "ended_at", "metadata", "original_call_id", "parent_call_ids", "failure",
        "attempts", "artifacts", "llm_usage_records", "cache_status", "cached_call_id",
    ];

    private static readonly string[] AttemptKeys =
        ["attempt_id", "status", "started_at", "ended_at", "metadata", "failure", "llm_usage_records"];

    private static readonly string[] ArtifactKeys = ["artifact_id", "name", "kind", "save_type", "producing_call", "metadata"];

    private static readonly string[] WaitKeys = ["wait_id", "name", "question", "schema", "metadata", "entered_waiting_at"];

    [Fact]
    public void Summary_Execution_HasTheContractsKeysFirstThenOurs() =>
        Keys(ExecutionJson.Summary(Samples.Execution)).ShouldBe([.. SummaryKeys, "tags", "created_at", "target"]);

    [Fact]
    public void Summaries_OfExecutionsWithOneSpec_AreThoseOfEach()
    {
        ExecutionRecord[] executions = [Samples.Execution, Samples.Execution with { Spec = new JsonObject { ["version"] = 2 } }, Samples.Execution, Samples.Execution, Samples.Execution];
        ExecutionJson.Summaries(executions).Select(item => item.ToJsonString()).ShouldBe(executions.Select(item => ExecutionJson.Summary(item).ToJsonString()));
    }

    [Fact]
    public void Full_Execution_HasTheContractsKeysFirstThenOurs() =>
        Keys(Full()).ShouldBe(
        [
            .. FullKeys, "inputs", "result", "tags", "created_at", "target", "snapshot_id", "pending_waits", "waits", "retries_used", "takeovers",
            "reopened", "deployment", "replay_plan",
        ]);

    [Fact]
    public void Full_Parts_HaveTheContractsKeysInOrder()
    {
        var full = Full();
        var call = full["checkpoints"]![0]!.AsObject();
        Keys(call).ShouldBe(CallKeys);
        Keys(call["attempts"]![0]!).ShouldBe([.. AttemptKeys, "interrupted"]);
        Keys(call["artifacts"]![0]!).ShouldBe([.. ArtifactKeys, "media_type", "size_bytes"]);
        Keys(full["pending_wait"]!).ShouldBe(WaitKeys);
        Keys(full["pending_waits"]![0]!).ShouldBe(WaitKeys);
        Keys(call["failure"]!).ShouldBe(["message", "exception_type", "traceback", "origin"]);
        Keys(full["frozen_execution_spec"]!).ShouldBe(["version", "resolved_execution", "flow_defaults", "connection", "model_registry"]);
        Keys(full["frozen_execution_spec"]!["flow_defaults"]!)
            .ShouldBe(["stack", "image", "cache", "retries", "server_url", "auth_token", "project"]);
    }

    [Theory]
    [InlineData(ExecutionStatus.Queued, "running", "queued")]
    [InlineData(ExecutionStatus.Running, "running", null)]
    [InlineData(ExecutionStatus.Sleeping, "running", "sleeping until 2026-06-17T00:00:00+00:00")]
    [InlineData(ExecutionStatus.Waiting, "waiting", null)]
    [InlineData(ExecutionStatus.Completed, "completed", null)]
    [InlineData(ExecutionStatus.Failed, "failed", null)]
    [InlineData(ExecutionStatus.Cancelled, "cancelled", null)]
    public void Summary_Status_IsAPublicWordWithReason(ExecutionStatus status, string word, string? reason)
    {
        var json = ExecutionJson.Summary(Samples.Execution with { Status = status, RunnableAt = new(2026, 6, 17, 0, 0, 0, TimeSpan.Zero) });
        json["status"]!.ToString().ShouldBe(word);
        json["status_reason"]?.ToString().ShouldBe(reason);
    }

    [Fact]
    public void Summary_Failure_IsThereOnlyWhenFailed()
    {
        var failure = new Failure("bad total", "System.ArgumentException", "at X", FailureOrigin.UserCode);
        ExecutionJson.Summary(Samples.Execution with { Failure = failure })["failure"].ShouldBeNull();
        ExecutionJson.Summary(Samples.Execution with { Failure = failure, Status = ExecutionStatus.Failed })["failure"]!.ToJsonString()
            .ShouldBe("""{"message":"bad total","exception_type":"System.ArgumentException","traceback":"at X","origin":"user_code"}""");
    }

    [Fact]
    public void Summary_Metadata_CarriesTheFrozenSpecWithoutNulls() =>
        ExecutionJson.Summary(Samples.Execution)["metadata"]!.ToJsonString()
            .ShouldBe("""{"tier":"gold","kitaru_execution_spec":{"version":1,"resolved_execution":{"stack":"default"}}}""");

    [Fact]
    public void Full_UnknownCheckpointType_StandsInMetadataOnly()
    {
        var call = CallJson.Of(Samples.Call with { Type = "retrieval" });
        call["checkpoint_type"].ShouldBeNull();
        call["metadata"]!["kitaru.type"]!.ToString().ShouldBe("retrieval");
        CallJson.Of(Samples.Call with { Type = "llm_call" })["checkpoint_type"]!.ToString().ShouldBe("llm_call");
    }

    [Fact]
    public void Full_UsageRecords_ComeFromExecutionAndCallsWithoutPrivateKeys()
    {
        var usage = JsonNode.Parse("""{"llm_usage_v1":{"r1":{"schema_version":1,"usage":{},"cost":{},"_raw":1},"r2":{"schema_version":2,"usage":{},"cost":{}}}}""")!.AsObject();
        var full = ExecutionJson.Full(Samples.Detail with { Calls = [Samples.Call with { Metadata = usage }] }, null, null);
        full["llm_usage_records"]!.ToJsonString().ShouldBe("""[{"schema_version":1,"usage":{},"cost":{}}]""");
    }

    [Fact]
    public void Full_SavedArtifact_NamesItsKindInMetadata() =>
        Full()["artifacts"]![0]!["metadata"]!["kitaru_artifact_type"]!.ToString().ShouldBe("context");

    private static JsonObject Full() => ExecutionJson.Full(Samples.Detail, new JsonObject { ["topic"] = "tea" }, null);

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(pair => pair.Key);
}
