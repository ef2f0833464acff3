using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru;

/// <content>Executions that go on after a failure, or run once more in part.</content>
public sealed partial class ExecutionsClient
{
    /// <summary>
    /// Re-opens a failed execution under the same id: finished checkpoints keep their records, the ones that made it fail run again.
    /// </summary>
    /// <param name="id">The execution.</param>
    /// <param name="code">With <see cref="ExecutionCode.Current"/> a fix in the flow's source takes effect.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build; an execution that was re-opened goes on.</param>
    /// <exception cref="KitaruStateException">It is not failed.</exception>
    public async Task<ExecutionRecord> RetryAsync(
        ExecutionId id, ExecutionCode code = ExecutionCode.Recorded, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        SnapshotId? snapshot = null;
        // Only one that can be retried is worth a build; the store refuses the others.
        if (code == ExecutionCode.Current && record.Status == ExecutionStatus.Failed)
        {
            var current = await CodeChoice.CurrentAsync(() => Builder(controlPlane), record, progress, cancellationToken).ConfigureAwait(false);
            if (current.Flow is { } flow)
                _ = InputBinder.Bind(flow, await InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false));
            snapshot = current.Snapshot;
        }
        var reopened = await controlPlane.Executions.RetryAsync(id, snapshot, _client.Principal, cancellationToken).ConfigureAwait(false);
        await _client.RunIfOwnAsync(reopened, cancellationToken).ConfigureAwait(false);
        return reopened;
    }

    /// <summary>What a replay would do; nothing is started.</summary>
    /// <inheritdoc cref="ReplayAsync"/>
    public async Task<ReplayPlan> PlanReplayAsync(
        ExecutionId id, string from, ReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReplayOptions();
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        // The recorded code's parameters are at hand; present code is only built to run it.
        var flow = (await CodeChoice.RecordedAsync(controlPlane, record, cancellationToken).ConfigureAwait(false)).Flow;
        var recorded = await InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false);
        return await controlPlane.Replays.PlanAsync(Request(id, from, options, Different(recorded, options.FlowInputs, flow)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a new execution that takes over everything before <paramref name="from"/> from an earlier one and runs the rest; the earlier one
    /// is never changed. Its clock, ids and random numbers travel along.
    /// </summary>
    /// <param name="id">The execution to replay: one that waits or has ended.</param>
    /// <param name="from">Where to start: a checkpoint's name or call id, or a wait's name.</param>
    /// <param name="options">What is to be different.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build; an execution that was stored goes on.</param>
    /// <exception cref="KitaruStateException">It runs, has no checkpoints, or a selector does not mean exactly one call.</exception>
    /// <exception cref="KitaruUsageException">An override or an input is not valid.</exception>
    /// <exception cref="KitaruBuildException">The present code does not compile.</exception>
    public async Task<ReplayHandle> ReplayAsync(
        ExecutionId id, string from, ReplayOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReplayOptions();
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        var recorded = await InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false);
        // Checked before anything is built.
        _ = await controlPlane.Replays.PlanAsync(Request(id, from, options, options.FlowInputs), cancellationToken).ConfigureAwait(false);
        var code = await ChooseAsync(controlPlane, record, options.Code, progress, cancellationToken).ConfigureAwait(false);
        var different = Different(recorded, options.FlowInputs, code.Flow);
        var inputs = (JsonObject)recorded.DeepClone();
        foreach (var (name, value) in different)
            inputs[name] = value?.DeepClone();
        var flow = code.Flow;
        var replay = await controlPlane.Replays.CreateAsync(
            Request(id, from, options, different),
            new NewExecution
            {
                Id = new ExecutionId(Guid.CreateVersion7(_client.Time.GetUtcNow())),
                FlowName = record.FlowName,
                Snapshot = code.Snapshot,
                Target = record.Target,
                Source = record.Source,
                Inputs = StoredValue.Of(StoredValue.Json, "inputs", KitaruJson.WriteBytes(flow is null ? inputs : InputBinder.Bind(flow, inputs))),
                StackName = flow?.Stack ?? record.StackName,
                Retries = flow is null ? record.Retries : flow.Retries ?? 0,
                IdempotencyKey = options.IdempotencyKey,
                Spec = flow is null ? record.Spec : KitaruClient.FrozenSpec(flow, flow.Stack ?? record.StackName, flow.Retries ?? 0),
                Tags = options.Tags,
                Metadata = options.Metadata,
            },
            _client.Principal,
            cancellationToken).ConfigureAwait(false);
        await _client.RunIfOwnAsync(replay, cancellationToken).ConfigureAwait(false);
        return new ReplayHandle(_client, replay.Id, code.Warning);
    }

    private async Task<CodeChoice> ChooseAsync(
        IControlPlane controlPlane, ExecutionRecord record, ExecutionCode wanted, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (wanted == ExecutionCode.Current && CodeChoice.HasSource(record))
            return await CodeChoice.CurrentAsync(() => Builder(controlPlane), record, progress, cancellationToken).ConfigureAwait(false);
        var recorded = await CodeChoice.RecordedAsync(controlPlane, record, cancellationToken).ConfigureAwait(false);
        return wanted == ExecutionCode.Recorded
            ? recorded
            : recorded with { Warning = $"the source of '{record.Target}' is gone: the replay runs the code that was recorded" };
    }

    private static ReplayRequest Request(ExecutionId id, string from, ReplayOptions options, JsonObject? different) => new()
    {
        Source = id,
        From = from,
        Outputs = ReplayOverrides.Parse(options.Overrides),
        Skip = options.Skip,
        FlowInputs = different,
    };

    /// <summary>The given inputs that are not what was recorded, under the parameters' own names.</summary>
    private static JsonObject Different(JsonObject recorded, JsonObject? given, FlowDefinition? flow)
    {
        var different = new JsonObject();
        foreach (var (key, value) in given ?? [])
        {
            var name = flow?.Parameters.FirstOrDefault(parameter => parameter.Name == key)?.Name
                ?? flow?.Parameters.FirstOrDefault(parameter => SnakeCase.Of(parameter.Name) == key)?.Name
                ?? key;
            if (!recorded.TryGetPropertyValue(name, out var before) || !JsonNode.DeepEquals(before, value))
                different[name] = value?.DeepClone();
        }
        return different;
    }

    private static async Task<JsonObject> InputsOfAsync(IControlPlane controlPlane, ExecutionRecord record, CancellationToken cancellationToken)
    {
        var bytes = await controlPlane.Artifacts.ReadAllAsync(record.Inputs, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<JsonNode>(bytes) as JsonObject ?? [];
    }

    private TargetBuilder Builder(IControlPlane controlPlane) => new(_client.Directory, controlPlane.Snapshots);
}
