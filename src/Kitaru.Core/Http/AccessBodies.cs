namespace Kitaru.Core.Http;

/// <summary>What a service account may do in a project.</summary>
internal sealed record RoleBody
{
    public required Role Role { get; init; }
}

internal sealed record RotateBody(int RetainMinutes = 0);

/// <summary>What a worker is going to run.</summary>
internal sealed record WorkerTokenBody
{
    public required SnapshotId Snapshot { get; init; }

    public EnvironmentId Environment { get; init; } = EnvironmentId.Plain;

    /// <summary>The only execution it may claim; null for all of its kind.</summary>
    public ExecutionId? Execution { get; init; }
}
