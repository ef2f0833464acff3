using Kitaru.Core;
using Kitaru.Server.Projects;

namespace Kitaru.ServerTests;

/// <summary>The default project and another one.</summary>
internal sealed class TestProjects : IProjects
{
    public static readonly Project Other = OneProject.Default with { Id = new ProjectId(new Guid("01900000-0000-7000-8000-0000000000ff")), Name = "other" };

    private static readonly Project[] All = [OneProject.Default, Other];

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Project>>(All);

    public Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        Task.FromResult(All.FirstOrDefault(project => project.Name == nameOrId || project.Id.ToString() == nameOrId));
}
