using Kitaru.Core;

namespace Kitaru.Client.Http;

internal sealed class HttpSnapshots(HttpCalls calls) : ISnapshots
{
    public Task PutAsync(SnapshotRecord snapshot, CancellationToken cancellationToken = default) =>
        calls.WriteAsync(HttpMethod.Put, PathOf(snapshot.Id), snapshot, cancellationToken);

    public Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken = default) =>
        calls.FindAsync<SnapshotRecord>("snapshot", PathOf(id), cancellationToken);

    private static string PathOf(SnapshotId id) => $"snapshots/{Uri.EscapeDataString(id.Value)}";
}
