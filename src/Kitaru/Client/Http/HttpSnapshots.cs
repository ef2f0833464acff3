using Kitaru.ControlPlane.Snapshots;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpSnapshots(HttpCalls calls) : ISnapshots
{
    public Task PutAsync(SnapshotRecord snapshot, CancellationToken cancellationToken = default) =>
        calls.WriteAsync(HttpMethod.Put, PathOf(snapshot.Id), snapshot, cancellationToken);

    public Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken = default) =>
        calls.FindAsync<SnapshotRecord>("snapshot", PathOf(id), cancellationToken);

    public async Task<bool> HasContentAsync(SnapshotId id, CancellationToken cancellationToken = default) =>
        (await calls.GetAsync<ContentBody>(ContentOf(id) + "/state", cancellationToken).ConfigureAwait(false)).IsKept;

    public async Task<Stream> OpenContentAsync(SnapshotId id, CancellationToken cancellationToken = default)
    {
        var file = TemporaryFile.Create();
        try
        {
            await calls.GetFileAsync(ContentOf(id), file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task StoreContentAsync(SnapshotId id, Stream content, CancellationToken cancellationToken = default)
    {
        // In a file, so that it can be sent again.
        using var file = TemporaryFile.Create();
        await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
        await calls.PutFileAsync(ContentOf(id), file, cancellationToken).ConfigureAwait(false);
    }

    private static string ContentOf(SnapshotId id) => PathOf(id) + "/content";

    private static string PathOf(SnapshotId id) => $"snapshots/{Uri.EscapeDataString(id.Value)}";
}
