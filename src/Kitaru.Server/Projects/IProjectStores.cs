using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Server.Projects;

/// <summary>Each project's own store: what is in one cannot be seen from another.</summary>
internal interface IProjectStores : IAsyncDisposable
{
    /// <summary>sqlite or postgresql.</summary>
    string Database { get; }

    /// <summary>How long a lease holds without renewal, in every project.</summary>
    TimeSpan LeaseDuration { get; }

    /// <summary>Where the project's files lie on this machine: staged code, and with SQLite everything.</summary>
    ConfigDirectory DirectoryOf(Project project);

    /// <summary>Its store, opened when it is first asked for. It is not the caller's to dispose.</summary>
    Task<IControlPlane> OpenAsync(Project project, CancellationToken cancellationToken);

    /// <summary>Closes the store of a project that was deleted, and removes it with everything in it.</summary>
    Task RemoveAsync(ProjectId project, CancellationToken cancellationToken);
}
