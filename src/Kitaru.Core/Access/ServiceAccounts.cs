namespace Kitaru.Core;

/// <summary>Somebody who is not a person and works with the server: a team's assistant, a pipeline, a group of workers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Unique on the server; written into records.</param>
/// <param name="FullName">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="IsActive">Whether its keys are accepted.</param>
/// <param name="IsAdmin">Whether it may do everything on the server.</param>
/// <param name="Roles">What it may do in which project.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record ServiceAccount(
    ServiceAccountId Id, string Name, string? FullName, string? Description, bool IsActive, bool IsAdmin, IReadOnlyDictionary<ProjectId, Role> Roles, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A service account that is to be made.</summary>
public sealed record NewServiceAccount
{
    /// <summary>Unique on the server.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string? FullName { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it may do everything on the server.</summary>
    /// <value>Default: false; it may do nothing before it gets a role in a project.</value>
    public bool IsAdmin { get; init; }
}

/// <summary>What is to be changed about a service account; null leaves it as it is.</summary>
public sealed record ServiceAccountChange
{
    /// <summary>Another name.</summary>
    public string? Name { get; init; }

    /// <summary>For people.</summary>
    public string? FullName { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Whether its keys are accepted.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Whether it may do everything on the server.</summary>
    public bool? IsAdmin { get; init; }
}
