using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>The projects of the server, each with a store of its own: what is in one cannot be seen from another.</summary>
internal interface IProjectStores : IAsyncDisposable
{
    /// <summary>sqlite or postgresql.</summary>
    string Database { get; }

    /// <summary>How long a lease holds without renewal, in every project.</summary>
    TimeSpan LeaseDuration { get; }

    /// <summary>All projects, whose stores are to be looked after.</summary>
    Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The project with this id or name; null when there is none.</summary>
    Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Its store, opened when it is first asked for. It is not the caller's to dispose.</summary>
    Task<IControlPlane> OpenAsync(Project project, CancellationToken cancellationToken);
}
