using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.Client;

/// <summary>Code for an execution that goes on or is replayed.</summary>
/// <param name="Snapshot">The code.</param>
/// <param name="Flow">The flow in it; null for a program's own flow, whose definition only the program knows.</param>
/// <param name="Warning">Why it is not the code that was asked for.</param>
/// <param name="Deployment">The deployment it is the code of, or null.</param>
/// <param name="Target">What it was built from, as it was written and made absolute, when that is not what the execution says.</param>
internal sealed record CodeChoice(
    SnapshotId Snapshot, FlowDefinition? Flow, string? Warning, DeploymentReference? Deployment = null, (string Target, string Source)? Target = null)
{
    /// <summary>The code the execution was recorded with.</summary>
    public static async Task<CodeChoice> RecordedAsync(IControlPlane controlPlane, ExecutionRecord execution, CancellationToken cancellationToken)
    {
        if (execution.Snapshot.IsProgram)
            return new CodeChoice(execution.Snapshot, null, null);
        var snapshot = await controlPlane.Snapshots.FindAsync(execution.Snapshot, cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruRuntimeException(
                $"The code of execution {execution.Id} (snapshot {execution.Snapshot.Value}) is no longer stored.", "Start it anew with kitaru_executions_run.");
        return new CodeChoice(snapshot.Id, snapshot.Manifest.Flows.FirstOrDefault(flow => flow.Name == execution.FlowName), null);
    }

    /// <summary>The present code of the execution's target. A program's own flow always runs the program's present code.</summary>
    /// <exception cref="KitaruUsageException">The source is gone, or no longer has the flow.</exception>
    /// <exception cref="KitaruBuildException">It does not compile.</exception>
    public static async Task<CodeChoice> CurrentAsync(
        Func<TargetBuilder> builder, ExecutionRecord execution, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (execution.Snapshot.IsProgram)
            return new CodeChoice(execution.Snapshot, null, null);
        var source = execution.Source
            ?? throw new KitaruUsageException($"Execution {execution.Id} does not say where its source is.", "Go on with code=recorded.");
        var built = await builder().BuildAsync(source, Environment.CurrentDirectory, progress, cancellationToken).ConfigureAwait(false);
        return built.Flow.Name == execution.FlowName
            ? new CodeChoice(built.Snapshot, built.Flow, null)
            : throw new KitaruUsageException(
                $"'{source}' is flow '{built.Flow.Name}' now; execution {execution.Id} is of flow '{execution.FlowName}'.",
                "Give the flow its name back, or go on with code=recorded.");
    }

    /// <summary>The code of a deployment of the execution's flow.</summary>
    /// <exception cref="KitaruLookupException">There is no such version.</exception>
    public static async Task<CodeChoice> DeployedAsync(IControlPlane controlPlane, ExecutionRecord execution, int version, CancellationToken cancellationToken)
    {
        var deployment = await controlPlane.Deployments.ResolveAsync(execution.FlowName, version, null, cancellationToken).ConfigureAwait(false);
        var code = await RecordedAsync(controlPlane, execution with { Snapshot = deployment.Snapshot }, cancellationToken).ConfigureAwait(false);
        return code with { Deployment = new DeploymentReference(deployment.Id, deployment.Version), Target = (deployment.Target, deployment.Source ?? deployment.Target) };
    }

    /// <summary>The code of another target of the execution's flow.</summary>
    /// <inheritdoc cref="CurrentAsync"/>
    public static async Task<CodeChoice> BuiltAsync(
        TargetBuilder builder, ExecutionRecord execution, string target, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var built = await builder.BuildAsync(target, Environment.CurrentDirectory, progress, cancellationToken).ConfigureAwait(false);
        return built.Flow.Name == execution.FlowName
            ? new CodeChoice(built.Snapshot, built.Flow, null, Target: (target, built.Source))
            : throw new KitaruUsageException(
                $"'{Texts.Short(target)}' is flow '{built.Flow.Name}'; execution {execution.Id} is of flow '{execution.FlowName}'.",
                $"Name a target whose flow is '{execution.FlowName}'.");
    }

    /// <summary>Whether the file the execution's code was built from is still there.</summary>
    public static bool HasSource(ExecutionRecord execution) =>
        execution.Snapshot.IsProgram || execution.Source is { } source && source.LastIndexOf(':') is > 0 and var colon && File.Exists(source[..colon]);
}
