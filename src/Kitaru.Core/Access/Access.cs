namespace Kitaru.Core;

/// <summary>What somebody may do in a project; each role may do what the one before it may.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Reads and writes: starts, answers, deploys, runs workers.</summary>
    Member,

    /// <summary>Everything, accounts and projects of the whole server included.</summary>
    Admin,
}

/// <summary>Who makes a request.</summary>
/// <param name="Name">Written into records: who answered, who cancelled.</param>
/// <param name="IsAdmin">May do everything in every project of the server.</param>
/// <param name="Projects">What they may do in which project; an admin needs no entry.</param>
public sealed record Principal(string Name, bool IsAdmin, IReadOnlyDictionary<ProjectId, Role> Projects)
{
    /// <summary>Set for a worker's own credential: it reaches nothing but the executions this worker holds.</summary>
    public WorkerScope? Worker { get; init; }

    /// <summary>The API key they came with, directly or through a token it was exchanged for; null for the admin secret.</summary>
    public ApiKeyId? Key { get; init; }

    /// <summary>What they may do in a project; null when it does not exist for them.</summary>
    public Role? RoleIn(ProjectId project) => IsAdmin ? Role.Admin : Projects.TryGetValue(project, out var role) ? role : null;
}

/// <summary>What a worker's credential is good for.</summary>
/// <param name="Project">The one project.</param>
/// <param name="Worker">Whose leases count.</param>
/// <param name="Kind">What it may claim.</param>
/// <param name="Execution">The only execution it may claim, or null for all of its kind.</param>
public sealed record WorkerScope(ProjectId Project, WorkerId Worker, WorkerKind Kind, ExecutionId? Execution = null);

/// <summary>A project: everything but accounts belongs to one, and nothing is visible from another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Unique on the server.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Project(ProjectId Id, string Name, string? DisplayName, string? Description, DateTimeOffset CreatedAt)
{
    /// <summary>The project that every server and every embedded store has.</summary>
    public const string DefaultName = "default";

    /// <summary>The id of that project, the same everywhere.</summary>
    public static readonly ProjectId DefaultId = new(new Guid("01900000-0000-7000-8000-000000000001"));
}
