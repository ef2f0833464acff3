using System.Collections.Concurrent;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Server.Projects;

/// <summary>Opens each project's store once, and keeps it open. Opening that failed is tried again by the next request.</summary>
/// <param name="database">What kind of database it is.</param>
/// <param name="leaseDuration">How long a lease holds.</param>
/// <param name="config">The server's config directory, which is the default project's too.</param>
/// <param name="open">Opens a store; its files on this machine lie in the directory.</param>
/// <param name="remove">Removes the store of a deleted project, once it is closed here.</param>
internal sealed class OpenedStores(
    string database, TimeSpan leaseDuration, ConfigDirectory config, Func<Project, ConfigDirectory, CancellationToken, Task<IControlPlane>> open,
    Func<ProjectId, CancellationToken, Task> remove) : IProjectStores
{
    private readonly ConcurrentDictionary<ProjectId, Lazy<Task<IControlPlane>>> _opened = new();

    public string Database => database;

    public TimeSpan LeaseDuration => leaseDuration;

    /// <summary>A project is a config directory of its own, so that whoever works on one sees nothing of another.</summary>
    public ConfigDirectory DirectoryOf(Project project) => project.Name == Project.DefaultName
        ? config
        : new ConfigDirectory(Path.Combine(config.Projects, project.Id.ToString()));

    public Task<IControlPlane> OpenAsync(Project project, CancellationToken cancellationToken)
    {
        var opening = _opened.GetOrAdd(project.Id, _ => new Lazy<Task<IControlPlane>>(() => open(project, DirectoryOf(project), CancellationToken.None)));
        if (opening.Value.IsFaulted || opening.Value.IsCanceled)
            _opened.TryRemove(new KeyValuePair<ProjectId, Lazy<Task<IControlPlane>>>(project.Id, opening));
        return opening.Value.WaitAsync(cancellationToken);
    }

    public async Task RemoveAsync(ProjectId project, CancellationToken cancellationToken)
    {
        if (_opened.TryRemove(project, out var opening) && opening.IsValueCreated)
            await CloseAsync(opening.Value);
        await remove(project, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opening in _opened.Values.Where(opening => opening.IsValueCreated))
        {
            await CloseAsync(opening.Value);
        }
    }

    private static async Task CloseAsync(Task<IControlPlane> opening)
    {
        if (await opening.ContinueWith(task => task.IsCompletedSuccessfully ? task.Result : null, TaskScheduler.Default) is { } store)
            await store.DisposeAsync();
    }
}
