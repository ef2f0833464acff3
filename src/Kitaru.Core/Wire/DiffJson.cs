using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>An execution beside its replays on the wire (runtime.md 6.3 and appendix D.5): the contract's keys first, ours after them.</summary>
public static class DiffJson
{
    /// <summary>Of this many changed calls of a replay the values are shown; of the others hash and size.</summary>
    public const int ValuesMax = 200;

    /// <summary>original_exec_id, compared, urls, warnings.</summary>
    /// <param name="diff">The comparison.</param>
    /// <param name="artifacts">Where the values are.</param>
    /// <param name="withUnchanged">Whether calls that are alike on both sides are listed too.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<JsonObject> OfAsync(ExecutionDiff diff, IArtifacts artifacts, bool withUnchanged = true, CancellationToken cancellationToken = default)
    {
        var compared = new JsonArray();
        foreach (var replay in diff.Compared)
            compared.Add((JsonNode)await ReplayAsync(diff.Original, replay, artifacts, withUnchanged, cancellationToken).ConfigureAwait(false));
        return new JsonObject
        {
            ["original_exec_id"] = diff.Original.Id.ToString(),
            ["compared"] = compared,
            ["urls"] = Names(diff.Urls),
            ["warnings"] = Names(diff.Warnings),
        };
    }

    /// <summary>
    /// replay_exec_id, checkpoints, applied_output_overrides; ours: status, summary, result_changed, result, inputs_changed, inputs, waits_changed.
    /// </summary>
    private static async Task<JsonObject> ReplayAsync(
        ExecutionRecord original, ReplayDiff diff, IArtifacts artifacts, bool withUnchanged, CancellationToken cancellationToken)
    {
        var (checkpoints, shown) = (new JsonArray(), 0);
        foreach (var call in diff.Calls.Where(call => withUnchanged || call.Changed))
            checkpoints.Add((JsonNode)await CallAsync(call, artifacts, isShown: call.Changed && shown++ < ValuesMax, cancellationToken).ConfigureAwait(false));
        return new JsonObject
        {
            ["replay_exec_id"] = diff.Replay.Id.ToString(),
            ["checkpoints"] = checkpoints,
            ["applied_output_overrides"] = Names(diff.Overridden),
            ["status"] = StatusWords.Of(diff.Replay.Status),
            ["summary"] = Summary(diff.Calls),
            ["result_changed"] = diff.ResultChanged,
            ["result"] = diff.ResultChanged ? Pair(await ResultAsync(artifacts, original, cancellationToken).ConfigureAwait(false), await ResultAsync(artifacts, diff.Replay, cancellationToken).ConfigureAwait(false)) : null,
            ["inputs_changed"] = Names(diff.Inputs.Select(input => input.Name)),
            ["inputs"] = new JsonObject([.. diff.Inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)Pair(Input(original, input.Original), Input(diff.Replay, input.Replay))))]),
            ["waits_changed"] = new JsonArray([.. diff.Waits.Select(Wait)]),
        };
    }

    /// <summary>changed: on both sides and not alike; added: the replay's only; removed: the original's only; same.</summary>
    private static JsonObject Summary(IReadOnlyList<CallDiff> calls) => new()
    {
        ["changed"] = calls.Count(call => call is { Changed: true, Original: not null, Replay: not null }),
        ["added"] = calls.Count(call => call.Original is null),
        ["removed"] = calls.Count(call => call.Replay is null),
        ["same"] = calls.Count(call => !call.Changed),
    };

    /// <summary>
    /// name, original_call_id, replay_call_id, status_match, duration_delta_ms, token_delta, cost_delta_usd, artifact_hashes; ours: changed, action, value, failure.
    /// </summary>
    private static async Task<JsonObject> CallAsync(CallDiff call, IArtifacts artifacts, bool isShown, CancellationToken cancellationToken)
    {
        var usage = call.UsageDelta;
        return new JsonObject
        {
            ["name"] = call.Name,
            ["original_call_id"] = call.Original?.Id.ToString(),
            ["replay_call_id"] = call.Replay?.Id.ToString(),
            ["status_match"] = call.StatusMatch,
            ["duration_delta_ms"] = call.DurationDelta is { } delta ? Math.Round(delta.TotalMilliseconds, 3) : null,
            ["token_delta"] = usage is null ? null : new JsonObject
            {
                ["prompt_tokens"] = usage.PromptTokens,
                ["completion_tokens"] = usage.CompletionTokens,
                ["total_tokens"] = usage.TotalTokens,
            },
            ["cost_delta_usd"] = usage?.CostUsd,
            ["artifact_hashes"] = new JsonObject([.. call.Values.Select(value => KeyValuePair.Create(value.Role, (JsonNode?)Pair(value.OriginalHash, value.ReplayHash)))]),
            ["changed"] = call.Changed,
            ["action"] = call.Action is { } action ? ReplayPlanJson.Word(action) : null,
            ["value"] = await ValuesAsync(call, artifacts, isShown, cancellationToken).ConfigureAwait(false),
            ["failure"] = call.Changed && (call.Original?.Failure ?? call.Replay?.Failure) is not null ? Pair(Message(call.Original), Message(call.Replay)) : null,
        };
    }

    /// <summary>The output on both sides, when it differs; else null.</summary>
    private static async Task<JsonObject?> ValuesAsync(CallDiff call, IArtifacts artifacts, bool isShown, CancellationToken cancellationToken)
    {
        if (call.Values.FirstOrDefault(value => value is { Role: "output", Changed: true }) is not { } output)
            return null;
        return Pair(
            await ValueAsync(output.Original, artifacts, isShown, cancellationToken).ConfigureAwait(false),
            await ValueAsync(output.Replay, artifacts, isShown, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<JsonNode?> ValueAsync(ArtifactRecord? artifact, IArtifacts artifacts, bool isShown, CancellationToken cancellationToken)
    {
        if (artifact is null)
            return null;
        var reader = $"kitaru_artifacts_get(artifact_id=\"{artifact.Id}\")";
        if (!isShown || artifact.Value.SizeBytes > StoredValue.InlineBytesMax)
            return ValueJson.Inline(artifact.Value, null, reader);
        var stored = await artifacts.GetAsync(artifact.Id, cancellationToken).ConfigureAwait(false);
        return await ValueJson.LoadAsync(artifacts, stored.Value, reader, cancellationToken).ConfigureAwait(false);
    }

    private static Task<JsonNode?> ResultAsync(IArtifacts artifacts, ExecutionRecord execution, CancellationToken cancellationToken) =>
        execution.Failure is { } failure
            ? Task.FromResult<JsonNode?>(new JsonObject { ["failure"] = Texts.Clip(failure.Message, ValueJson.PreviewBytesMax) })
            : ValueJson.LoadAsync(artifacts, execution.Result, $"kitaru_artifacts_get(artifact_id=\"{ExecutionJson.ResultId(execution.Id)}\")", cancellationToken);

    private static JsonNode? Input(ExecutionRecord execution, JsonNode? value)
    {
        var bytes = KitaruJson.WriteBytes(value);
        return ValueJson.Inline(StoredValue.Of(StoredValue.Json, "input", bytes), bytes, $"kitaru_artifacts_get(artifact_id=\"{ExecutionJson.InputsId(execution.Id)}\")");
    }

    /// <summary>name, status and answer on both sides.</summary>
    private static JsonNode Wait(WaitDiff wait) => new JsonObject
    {
        ["name"] = wait.Name,
        ["status"] = Pair(WaitJson.Status(wait.Original), WaitJson.Status(wait.Replay)),
        ["value"] = Pair(WaitJson.Answer(wait.Original), WaitJson.Answer(wait.Replay)),
    };

    private static string? Message(CallRecord? call) => call?.Failure is { } failure ? Texts.Clip(failure.Message, ValueJson.PreviewBytesMax) : null;

    private static JsonObject Pair(JsonNode? original, JsonNode? replay) => new() { ["original"] = original, ["replay"] = replay };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
