using System.Runtime.InteropServices;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <summary>
/// Large values as files under their hash, in folders by its first two digits. A file's time of change says when a value was last stored, so
/// that one that is about to be referred to is told from one that nobody needs (<see cref="LocalArtifactFiles"/>).
/// </summary>
internal sealed partial class LocalArtifactStore(string root, TimeProvider? time = null) : IArtifactStore
{
    private const int HashLength = 64;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The files as things that take space.</summary>
    public LocalArtifactFiles Files { get; } = new(root);

    public static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);

    public bool Exists(string hash) => File.Exists(PathOf(hash));

    public async Task PutAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var path = PathOf(hash);
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            if (!Directory.Exists(folder))
            {
                ConfigDirectory.Ensure(folder);
                SyncFolder(root);
            }
            if (!TryTouch(path))
                await WriteAsync(path, bytes, cancellationToken).ConfigureAwait(false);
            // Also when it was there: whoever put it may not have come this far.
            SyncFolder(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KitaruBackendException(
                $"A value of {bytes.Length} bytes could not be stored in {folder}: {error.Message}", "Check that the disk has space and the folder can be written.", error);
        }
    }

    public async Task<byte[]> ReadAsync(string hash, long offset, int count, CancellationToken cancellationToken = default)
    {
        var path = PathOf(hash);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
            var bytes = new byte[Math.Clamp(RandomAccess.GetLength(file) - offset, 0, count)];
            var read = 0;
            while (read < bytes.Length)
            {
                var got = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), offset + read, cancellationToken).ConfigureAwait(false);
                if (got == 0)
                    throw new EndOfStreamException($"{path} became shorter while it was read.");
                read += got;
            }
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KitaruNotFoundException($"No value with hash {hash} lies in the artifact store {root}.", "Restore the artifact store's files that belong to this database.");
        }
    }

    /// <summary>From now on it is young again: whoever is just removing it finds that out or has finished, and then it is not there.</summary>
    private bool TryTouch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // A name of its own for every writer: two may store the same value at once.
        var temporary = path + "." + Path.GetRandomFileName() + LocalArtifactFiles.Unfinished;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The name comes from outside: it must be a hash before it becomes a path.</summary>
    private string PathOf(string hash) =>
        IsHash(hash)
            ? Path.Combine(root, hash[..2], hash)
            : throw new KitaruUsageException($"'{Texts.Short(hash)}' is not the SHA-256 of a value: expected 64 lower-case hex digits.");

    /// <summary>A renamed file survives a power cut only when its folder has been flushed too; Windows does that by itself.</summary>
    internal static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            throw new IOException($"{folder} cannot be opened to flush it.");
        var failed = Sync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"{folder} could not be flushed to the disk.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
