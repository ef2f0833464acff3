using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru.Client;

/// <summary>A replay that was checked and can be stored.</summary>
/// <param name="Request">What is replayed.</param>
/// <param name="Execution">The new execution.</param>
/// <param name="Plan">What it will do.</param>
/// <param name="Warning">What is not as it was asked for.</param>
internal sealed record PreparedReplay(ReplayRequest Request, NewExecution Execution, ReplayPlan Plan, string? Warning);

/// <summary>Checks replays and makes their executions. Those of the same code share one build.</summary>
internal sealed class ReplayPreparation(KitaruClient client, IControlPlane controlPlane, ReplayCode wanted, ExecutionSettings changed, IProgress<string>? progress)
{
    private readonly Dictionary<(SnapshotId? Recorded, string? Source, string Flow, DeploymentReference? Deployment), Task<CodeChoice>> _code = [];

    /// <summary>Plans first: nothing is built for a replay that cannot be.</summary>
    public async Task<PreparedReplay> PrepareAsync(
        ExecutionRecord record, ReplayRequest request, IReadOnlyList<string> tags, JsonObject? metadata, CancellationToken cancellationToken)
    {
        var plan = await controlPlane.Replays.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        var recorded = await InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false);
        var code = await CodeOfAsync(record, cancellationToken).ConfigureAwait(false);
        var different = Different(recorded, request.FlowInputs, code.Flow);
        var inputs = recorded;
        foreach (var (name, value) in different)
            inputs[name] = value?.DeepClone();
        var flow = code.Flow;
        var settings = await client.SettingsOn(controlPlane).ResolveReplayAsync(record, changed, cancellationToken).ConfigureAwait(false);
        var execution = new NewExecution
        {
            Id = new ExecutionId(Guid.CreateVersion7(client.Time.GetUtcNow())),
            FlowName = record.FlowName,
            Snapshot = code.Snapshot,
            Target = code.Target?.Target ?? record.Target,
            Source = code.Target?.Source ?? record.Source,
            Deployment = code.Deployment,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", KitaruJson.WriteBytes(flow is null ? inputs : InputBinder.Bind(flow, inputs))),
            StackName = settings.StackName,
            // A program runs its own flows, and takes no other environment than its own.
            Environment = code.Snapshot.IsProgram ? WorkerEnvironment.Plain : settings.Environment,
            Retries = settings.Retries,
            Spec = settings.Spec,
            Tags = tags,
            Metadata = metadata,
        };
        return new PreparedReplay(request with { FlowInputs = different }, execution, plan, Join(code.Warning, settings.Warning));
    }

    /// <summary>Why a replay that would usually run present code runs what was recorded; null when it does not have to.</summary>
    public static string? FallBack(KitaruClient client, ExecutionRecord record, ReplayCode wanted)
    {
        if (!wanted.SaysCurrent(record) || (client.IsForOthers ? wanted.Choice is not null : CodeChoice.HasSource(record)))
            return null;
        var why = client.IsForOthers ? "this server builds no targets" : $"the source of '{record.Target}' is gone";
        return $"{why}: the replay runs the code that was recorded";
    }

    /// <summary>The given inputs that are not what was recorded, under the parameters' own names.</summary>
    public static JsonObject Different(JsonObject recorded, JsonObject? given, FlowDefinition? flow)
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

    public static async Task<JsonObject> InputsOfAsync(IControlPlane controlPlane, ExecutionRecord record, CancellationToken cancellationToken)
    {
        var bytes = await controlPlane.Artifacts.ReadAllAsync(record.Inputs, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<JsonNode>(bytes) as JsonObject ?? [];
    }

    private static string? Join(string? first, string? second) => first is null ? second : second is null ? first : $"{first}; {second}";

    private Task<CodeChoice> CodeOfAsync(ExecutionRecord record, CancellationToken cancellationToken)
    {
        var isBuilt = wanted.SaysCurrent(record) && FallBack(client, record, wanted) is null;
        var key = (isBuilt && record.Source is not null ? null : (SnapshotId?)record.Snapshot, record.Source, record.FlowName, record.Deployment);
        if (!_code.TryGetValue(key, out var code))
            _code[key] = code = ChooseAsync(record, isBuilt, cancellationToken);
        return code;
    }

    private async Task<CodeChoice> ChooseAsync(ExecutionRecord record, bool isBuilt, CancellationToken cancellationToken)
    {
        if (wanted.Version is { } version)
            return await CodeChoice.DeployedAsync(controlPlane, record, version, cancellationToken).ConfigureAwait(false);
        if (wanted.Target is { } target)
            return await CodeChoice.BuiltAsync(Builder(), record, target, progress, cancellationToken).ConfigureAwait(false);
        if (isBuilt)
            return await CodeChoice.CurrentAsync(Builder, record, progress, cancellationToken).ConfigureAwait(false);
        var recorded = await CodeChoice.RecordedAsync(controlPlane, record, cancellationToken).ConfigureAwait(false) with { Deployment = record.Deployment };
        return recorded with { Warning = FallBack(client, record, wanted) };
    }

    private TargetBuilder Builder() => client.BuilderOn(controlPlane);
}
