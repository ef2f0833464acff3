using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>The projects of the server.</summary>
internal interface IProjects
{
    /// <summary>All of them: their stores are to be looked after.</summary>
    Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The one with this id or name; null when there is none.</summary>
    Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken);
}
