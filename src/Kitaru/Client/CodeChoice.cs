using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.Client;

/// <summary>Code for an execution that goes on or is replayed.</summary>
/// <param name="Snapshot">The code.</param>
/// <param name="Flow">The flow in it; null for a program's own flow, whose definition only the program knows.</param>
/// <param name="Warning">Why it is not the code that was asked for.</param>
internal sealed record CodeChoice(SnapshotId Snapshot, FlowDefinition? Flow, string? Warning)
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

    /// <summary>Whether the file the execution's code was built from is still there.</summary>
    public static bool HasSource(ExecutionRecord execution) =>
        execution.Snapshot.IsProgram || execution.Source is { } source && source.LastIndexOf(':') is > 0 and var colon && File.Exists(source[..colon]);
}
