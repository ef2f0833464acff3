using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.UnitTests.Wire;

/// <summary>One record of each kind with every part filled.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 6, 16, 8, 30, 0, TimeSpan.Zero);
    public static readonly ExecutionId Id = new(Guid.Parse("0199c0de-0000-7000-8000-000000000001"));

    public static readonly WaitRecord Wait = new()
    {
        Id = new WaitId(Guid.Parse("0199c0de-0000-7000-8000-000000000003")),
        ExecutionId = Id,
        Name = "approve",
        Question = "Pay?",
        Schema = new JsonObject { ["type"] = "boolean" },
        EnteredAt = Time,
    };

    public static readonly ArtifactRecord Artifact = new()
    {
        Id = new ArtifactId(Guid.Parse("0199c0de-0000-7000-8000-000000000004")),
        ExecutionId = Id,
        Name = "evidence",
        Kind = "context",
        SaveType = "manual",
        ProducingCall = "classify_2",
        Value = Json("""{"rows":3}"""),
    };

    public static readonly CallRecord Call = new()
    {
        Id = new CallId(Guid.Parse("0199c0de-0000-7000-8000-000000000005")),
        Name = "classify_2",
        Status = ExecutionStatus.Failed,
        StartedAt = Time,
        EndedAt = Time.AddSeconds(1),
        Failure = new Failure("boom", null, null, FailureOrigin.Runtime),
        Attempts = [new CallAttempt(Guid.Empty, ExecutionStatus.Failed, true, Time, Time, [], null)],
        Artifacts = [Artifact],
    };

    public static readonly ExecutionRecord Execution = new()
    {
        Id = Id,
        FlowId = new FlowId(Guid.Parse("0199c0de-0000-7000-8000-000000000002")),
        FlowName = "invoice_triage",
        Status = ExecutionStatus.Waiting,
        Snapshot = new SnapshotId("abc"),
        Inputs = Json("""{"topic":"tea"}"""),
        Metadata = new JsonObject { ["tier"] = "gold" },
        Spec = (JsonObject)JsonNode.Parse("""{"version":1,"resolved_execution":{"stack":"default","image":null},"model_registry":null}""")!,
        StackName = "default",
        CreatedAt = Time,
        StartedAt = Time,
        PendingWaits = [Wait],
        CheckpointCount = 1,
        ArtifactCount = 1,
    };

    public static readonly ExecutionDetail Detail = new(Execution, [Call], [Artifact], [Wait]);

    public static StoredValue Json(string json) => StoredValue.Of(StoredValue.Json, "System.Object", Encoding.UTF8.GetBytes(json));
}
