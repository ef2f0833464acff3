using System.Collections.Concurrent;
using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>The projects of the server store, as they were a moment ago: every request asks for one.</summary>
internal sealed class StoredProjects(IServerAccess access, TimeProvider time) : IProjects
{
    private const int EntriesMax = 10_000;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (Project? Project, long ReadAt)> _known = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellationToken) => access.ListProjectsAsync(cancellationToken);

    public async Task<Project?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        // Only what is there is kept: a project can be used as soon as it was made.
        if (_known.TryGetValue(nameOrId, out var known) && time.GetElapsedTime(known.ReadAt) < Moment)
            return known.Project;
        var readAt = time.GetTimestamp();
        var found = await access.FindProjectAsync(nameOrId, cancellationToken);
        if (_known.Count >= EntriesMax)
            _known.Clear();
        if (found is null)
            _known.TryRemove(nameOrId, out _);
        else
            _known[nameOrId] = (found, readAt);
        return found;
    }
}
