using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>A server with the default project only, over a store that somebody else has opened and closes.</summary>
internal sealed class OneProject(IControlPlane store, string database = "sqlite") : IProjectStores
{
    public static readonly Project Default = new(new ProjectId(new Guid("01900000-0000-7000-8000-000000000001")), Project.DefaultName, null, null, DateTimeOffset.UnixEpoch);

    public string Database => database;

    public TimeSpan LeaseDuration => store.Workers.LeaseDuration;

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Project>>([Default]);

    public Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        Task.FromResult(nameOrId == Default.Name || nameOrId == Default.Id.ToString() ? Default : null);

    public Task<IControlPlane> OpenAsync(Project project, CancellationToken cancellationToken) => Task.FromResult(store);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
