using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>Keys in a file that only its owner can read; replaced as a whole, under a lock, and flushed before anybody relies on it.</summary>
internal sealed class FileSecretKeys(string path, TimeProvider time) : SecretKeyring
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public override string Place => $"the file {path}";

    public override async Task<SecretKey> GetNewestAsync(int versionMin, CancellationToken cancellationToken)
    {
        if (Newest(Load(), versionMin) is { } there)
            return there;
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        var keys = Load();
        // Another process may have been first.
        if (Newest(keys, versionMin) is { } made)
            return made;
        var key = SecretKey.NewRandom(versionMin);
        Replace([.. keys.Values, key]);
        return key;
    }

    public override async Task ForgetBeforeAsync(int version, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        var keys = Load();
        if (keys.Keys.Any(known => known < version))
            Replace([.. keys.Values.Where(key => key.Version >= version)]);
    }

    protected override IReadOnlyDictionary<int, SecretKey> Load()
    {
        try
        {
            if (!File.Exists(path))
                return new Dictionary<int, SecretKey>();
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
                throw new KitaruBackendException($"Others than its owner may read {path}, the keys of all secrets.", $"Run: chmod 600 '{path}'");
            return SecretKeysJson.Read(File.ReadAllBytes(path), Place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable("read", error);
        }
    }

    private async Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
            FileGate.CreateForOwnerOnly(path + ".lock");
            return await FileLock.AcquireAsync(path + ".lock", time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable("locked", error);
        }
    }

    private void Replace(IReadOnlyCollection<SecretKey> keys)
    {
        // One name: the lock is held, and what a dead process left is written over.
        var temporary = path + ".tmp";
        try
        {
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(SecretKeysJson.Write(keys));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            LocalArtifactStore.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable("written", error);
        }
    }

    private KitaruBackendException Unusable(string what, Exception error) => new(
        $"The keys of secrets in {path} cannot be {what}: {error.Message}", "Make the file readable and its folder writable for this user.", error);
}
