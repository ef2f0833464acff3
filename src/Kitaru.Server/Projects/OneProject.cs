using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>The default project, which every server has, and no other.</summary>
internal sealed class OneProject : IProjects
{
    public static readonly Project Default = new(new ProjectId(new Guid("01900000-0000-7000-8000-000000000001")), Project.DefaultName, null, null, DateTimeOffset.UnixEpoch);

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Project>>([Default]);

    public Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        Task.FromResult(nameOrId == Default.Name || nameOrId == Default.Id.ToString() ? Default : null);
}
