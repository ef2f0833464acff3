using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// Files of snapshots: staged in this machine's config directory, or in the artifact store, which all servers of a store share. There the archive lies under the snapshot's
/// id, which is a hash as well.
/// </summary>
internal sealed class SnapshotFiles(IArtifactStore values, ConfigDirectory? directory, TimeProvider time)
{
    private const int Piece = 1024 * 1024;

    public async Task<bool> HasAsync(SnapshotId id, CancellationToken cancellationToken)
    {
        if (!LocalArtifactStore.IsHash(id.Value))
            return false;
        if (directory is not null && StagedCode.TryUse(directory, id, time))
            return true;
        try
        {
            await values.ReadAsync(id.Value, 0, 1, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (KitaruNotFoundException)
        {
            return false;
        }
    }

    public async Task<Stream> OpenAsync(SnapshotId id, CancellationToken cancellationToken)
    {
        if (!LocalArtifactStore.IsHash(id.Value))
            throw NotKept(id);
        if (directory is not null && StagedCode.TryUse(directory, id, time))
            return SnapshotArchive.Pack(Path.Combine(directory.Snapshots, id.Value, "files"));
        var file = TemporaryFile.Create();
        try
        {
            byte[] piece;
            do
            {
                piece = await values.ReadAsync(id.Value, file.Length, Piece, cancellationToken).ConfigureAwait(false);
                await file.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            }
            while (piece.Length == Piece);
            file.Position = 0;
            return file;
        }
        catch (Exception fault)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            if (fault is KitaruNotFoundException)
                throw NotKept(id);
            throw;
        }
    }

    public async Task StoreAsync(SnapshotId id, Stream content, CancellationToken cancellationToken)
    {
        using var file = TemporaryFile.Create();
        await CopyAsync(content, file, cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        var folder = Directory.CreateTempSubdirectory("kitaru-snapshot-").FullName;
        try
        {
            await SnapshotArchive.UnpackAsync(file, Path.Combine(folder, "files"), cancellationToken).ConfigureAwait(false);
            var found = StageContent.Whole(Path.Combine(folder, "files")).Hash();
            if (found != id)
                throw new KitaruUsageException($"The archive's files are those of snapshot '{found}', not of '{Texts.Short(id.Value, 80)}'. Nothing was stored.", "Send exactly the files of the snapshot.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var bytes = new byte[file.Length];
        file.Position = 0;
        await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        await values.PutAsync(id.Value, bytes, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[80 * 1024];
        while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            if (file.Length + read > SnapshotArchive.ArchiveBytesMax)
                throw new KitaruUsageException($"The archive has more than {SnapshotArchive.ArchiveBytesMax / (1024 * 1024)} MiB. Nothing was stored.", "Leave out of the project's output what flows do not need.");
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    private static KitaruNotFoundException NotKept(SnapshotId id) => new(
        $"The files of snapshot '{Texts.Short(id.Value, 12)}' are not kept.", "Run the target again, or replay the execution with its present code.");
}
