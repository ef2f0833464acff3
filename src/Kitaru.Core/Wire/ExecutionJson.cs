using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Executions on the wire (runtime.md 1.1): the contract's keys in its order, ours after them.</summary>
public static class ExecutionJson
{
    /// <summary>The artifact_id under which an execution's inputs can be read in ranges.</summary>
    public static string InputsId(ExecutionId id) => $"{id}:inputs";

    /// <summary>The artifact_id under which an execution's result can be read in ranges.</summary>
    public static string ResultId(ExecutionId id) => $"{id}:result";

    /// <summary>The summary form; ours: tags, created_at, target.</summary>
    public static JsonObject Summary(ExecutionRecord execution) => Summary(execution, new ShownSpecs());

    /// <summary>Summary forms, made one by one as they are asked for.</summary>
    public static IEnumerable<JsonObject> Summaries(IEnumerable<ExecutionRecord> executions)
    {
        var specs = new ShownSpecs();
        foreach (var execution in executions)
            yield return Summary(execution, specs);
    }

    private static JsonObject Summary(ExecutionRecord execution, ShownSpecs specs)
    {
        var json = Head(execution, specs);
        json["tags"] = Tags(execution);
        json["created_at"] = WireTime.Text(execution.CreatedAt);
        json["target"] = execution.Target;
        return json;
    }

    /// <summary>
    /// The full form; ours: inputs, result, tags, created_at, target, snapshot_id, pending_waits, waits, retries_used, takeovers, reopened, deployment, replay_plan.
    /// </summary>
    public static async Task<JsonObject> FullAsync(
        ExecutionDetail detail, IArtifacts artifacts, CancellationToken cancellationToken = default)
    {
        var (id, execution) = (detail.Execution.Id, detail.Execution);
        var inputs = await ValueJson.LoadAsync(artifacts, execution.Inputs, ReadWith(InputsId(id)), cancellationToken).ConfigureAwait(false);
        var result = await ValueJson.LoadAsync(artifacts, execution.Result, ReadWith(ResultId(id)), cancellationToken).ConfigureAwait(false);
        return Full(detail, inputs, result);
    }

    /// <summary>The full form with inputs and result as <see cref="ValueJson"/> shows them.</summary>
    public static JsonObject Full(ExecutionDetail detail, JsonNode? inputs, JsonNode? result)
    {
        var execution = detail.Execution;
        var json = Head(execution, new ShownSpecs());
        json["frozen_execution_spec"] = SpecJson.Full(execution.Spec);
        json["original_exec_id"] = execution.OriginalId?.ToString();
        json["llm_usage_records"] = new JsonArray([.. UsageJson.Records(execution.Metadata)
            .Concat(detail.Calls.SelectMany(UsageJson.Records))]);
        json["checkpoints"] = new JsonArray([.. detail.Calls.Select(CallJson.Of)]);
        json["artifacts"] = new JsonArray([.. detail.Artifacts.Select(ArtifactJson.Of)]);
        json["inputs"] = inputs;
        json["result"] = result;
        json["tags"] = Tags(execution);
        json["created_at"] = WireTime.Text(execution.CreatedAt);
        json["target"] = execution.Target;
        json["snapshot_id"] = execution.Snapshot.Value;
        json["pending_waits"] = new JsonArray([.. execution.PendingWaits.Select(WaitJson.Pending)]);
        json["waits"] = new JsonArray([.. detail.Waits.Select(WaitJson.Full)]);
        json["retries_used"] = execution.RetriesUsed;
        json["takeovers"] = execution.Takeovers;
        json["reopened"] = execution.Reopened;
        json["deployment"] = execution.Deployment is { } deployment
            ? new JsonObject { ["deployment_id"] = deployment.Id.ToString(), ["version"] = deployment.Version }
            : null;
        json["replay_plan"] = detail.Replay is { } plan ? ReplayPlanJson.Shown(plan) : null;
        return json;
    }

    private static JsonObject Head(ExecutionRecord execution, ShownSpecs specs) => new()
    {
        ["exec_id"] = execution.Id.ToString(),
        ["flow_id"] = execution.FlowId.ToString(),
        ["flow_name"] = execution.FlowName,
        ["status"] = StatusWords.Of(execution.Status),
        ["started_at"] = WireTime.Text(execution.StartedAt),
        ["ended_at"] = WireTime.Text(execution.EndedAt),
        ["stack_name"] = execution.StackName,
        ["status_reason"] = StatusWords.Reason(execution),
        ["pending_wait"] = WaitJson.Pending(execution.PendingWaits.Count > 0 ? execution.PendingWaits[0] : null),
        ["failure"] = execution.Status == ExecutionStatus.Failed ? FailureJson.Of(execution.Failure) : null,
        ["metadata"] = Metadata(execution, specs),
        ["checkpoint_count"] = execution.CheckpointCount,
        ["artifact_count"] = execution.ArtifactCount,
        ["llm_usage_summary"] = UsageJson.Summary(execution.Metadata),
    };

    private static JsonObject Metadata(ExecutionRecord execution, ShownSpecs specs)
    {
        var metadata = (JsonObject)execution.Metadata.DeepClone();
        if (execution.Spec is { } spec)
            metadata.TryAdd(SpecJson.MetadataKey, specs.Of(spec));
        return metadata;
    }

    private static JsonArray Tags(ExecutionRecord execution) => new([.. execution.Tags.Select(tag => (JsonNode)tag)]);

    private static string ReadWith(string artifactId) => $"kitaru_artifacts_get(artifact_id=\"{artifactId}\")";
}
