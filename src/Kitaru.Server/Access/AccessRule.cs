using Kitaru.Core;

namespace Kitaru.Server.Access;

/// <summary>Who may call an endpoint. One without a rule is not served.</summary>
/// <param name="Role">The least role in the project; null for endpoints that everybody may call.</param>
internal sealed record AccessRule(Role? Role)
{
    /// <summary>Whether a worker's own credential is enough, and for what.</summary>
    public WorkerRule Worker { get; init; } = WorkerRule.Never;

    /// <summary>It is about the whole server and no project: the role is admin of the server, or viewer for everybody with a valid token who is no worker.</summary>
    public bool IsServerWide { get; init; }
}

/// <summary>What a worker's credential must fit.</summary>
internal enum WorkerRule
{
    /// <summary>It is not for workers.</summary>
    Never,

    /// <summary>Any worker of the project may call it.</summary>
    Any,

    /// <summary>The worker in the path must be this one.</summary>
    Itself,

    /// <summary>The worker must hold the execution in the path, as the store says now.</summary>
    Holds,

    /// <summary>The worker must hold the execution that the header Kitaru-Execution names, as the store says now.</summary>
    Run,

    /// <summary>As <see cref="Run"/>, or the worker's own environment names the secret in the query.</summary>
    Secret,

    /// <summary>The snapshot in the path, or the environment in the query, must be the worker's own.</summary>
    Kind,

    /// <summary>The lease that is sent must be this worker's; the store checks by itself whether it still is one.</summary>
    Lease,
}

internal static class AccessRules
{
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Role role, WorkerRule worker = WorkerRule.Never) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule(role) { Worker = worker });
        return endpoint;
    }

    /// <summary>For endpoints that belong to no project.</summary>
    public static TBuilder RequireOnServer<TBuilder>(this TBuilder endpoint, Role role, WorkerRule worker = WorkerRule.Never) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule(role) { IsServerWide = true, Worker = worker });
        return endpoint;
    }

    /// <summary>Says that nothing is asked of the caller.</summary>
    public static TBuilder AllowEverybody<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRule(Role: null));
        return endpoint;
    }
}
