using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Backup;

/// <summary>What a backup holds, or what was restored from one.</summary>
/// <param name="Executions">Executions in it.</param>
/// <param name="Files">Files besides the database.</param>
/// <param name="Bytes">Bytes in all.</param>
/// <param name="HasSecretKeys">Whether the keys of secrets are in it; without them its secrets cannot be read.</param>
public sealed record BackupReport(long Executions, int Files, long Bytes, bool HasSecretKeys)
{
    /// <summary>As the command line prints it.</summary>
    public JsonObject ToJson() => new() { ["executions"] = Executions, ["files"] = Files, ["bytes"] = Bytes, ["has_secret_keys"] = HasSecretKeys };
}

/// <summary>
/// A copy of an embedded store as of one moment, taken while others go on working with it, and its way back. The folder holds the database, large values and compiled code as they lie in the config
/// directory, and <c>backup.json</c> with the hash of each file, written last.
/// </summary>
public static class StoreBackup
{
    private const int Format = 1;
    private const string IndexName = "backup.json";
    private const int TriesMax = 3;

    /// <summary>Copies the store into a new folder.</summary>
    /// <param name="config">The config directory.</param>
    /// <param name="folder">Where to; it must not be there yet, or be empty.</param>
    /// <param name="withSecretKeys">Whether to copy the keys of secrets too: whoever has the folder can read the secrets then.</param>
    /// <param name="cancellationToken">Stops between two files; what was copied stays, without an index.</param>
    /// <exception cref="KitaruUsageException">There is no store, or something in the folder.</exception>
    public static Task<BackupReport> CreateAsync(ConfigDirectory config, string folder, bool withSecretKeys = false, CancellationToken cancellationToken = default) =>
        Task.Run(() => Create(config, Path.GetFullPath(folder), withSecretKeys, cancellationToken), cancellationToken);

    /// <summary>Puts a backup in the place of a store that is not there (any more).</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="config">The config directory; it must have no store.</param>
    /// <param name="cancellationToken">Stops between two files; the store appears with the last one.</param>
    /// <exception cref="KitaruUsageException">It is no complete backup, a file of it was changed, or there is a store already.</exception>
    public static Task<BackupReport> RestoreAsync(string folder, ConfigDirectory config, CancellationToken cancellationToken = default) =>
        Task.Run(() => Restore(Path.GetFullPath(folder), config, cancellationToken), cancellationToken);

    /// <summary>Copies the database alone, as of one moment, into a new file: large values, compiled code and the keys of secrets are not in it.</summary>
    /// <param name="config">The config directory.</param>
    /// <param name="file">Where to; it must not be there yet.</param>
    /// <param name="cancellationToken">Stops before it begins.</param>
    /// <exception cref="KitaruBackendException">The database cannot be copied.</exception>
    public static Task CopyDatabaseAsync(ConfigDirectory config, string file, CancellationToken cancellationToken = default) => Task.Run(
        () =>
        {
            try
            {
                ConfigDirectory.Ensure(Path.GetDirectoryName(Path.GetFullPath(file))!);
                CopyDatabase(config.Database, Path.GetFullPath(file));
            }
            catch (Exception fault) when (fault is Storage.DatabaseException or IOException or UnauthorizedAccessException)
            {
                throw new KitaruBackendException($"The database {config.Database} cannot be copied: {fault.Message}", $"Make sure that it is whole and that {Path.GetDirectoryName(file)} can be written.", fault);
            }
        },
        cancellationToken);

    private static BackupReport Create(ConfigDirectory config, string folder, bool withSecretKeys, CancellationToken cancellationToken)
    {
        if (!File.Exists(config.Database))
            throw new KitaruUsageException($"There is no store in '{config.Root}'.", $"Set {ConfigDirectory.Variable} to the config directory of the store.");
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new KitaruUsageException($"'{folder}' is not empty.", "Name a new folder.");
        ConfigDirectory.Ensure(folder);
        var database = Path.Combine(folder, RelativeTo(config, config.Database));
        ConfigDirectory.Ensure(Path.GetDirectoryName(database)!);
        for (var tries = 1; ; tries++)
        {
            File.Delete(database);
            CopyDatabase(config.Database, database);
            var files = SourceFiles(config, withSecretKeys).ToList();
            foreach (var file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Copy(file, Path.Combine(folder, RelativeTo(config, file)));
            }
            // Whoever deletes executions meanwhile may have removed a value that the copy of the database still refers to.
            var copied = new LocalArtifactStore(Path.Combine(folder, RelativeTo(config, config.Artifacts)), TimeProvider.System);
            if (LargeValuesOf(database).TrueForAll(copied.Exists))
                break;
            if (tries == TriesMax)
                throw new KitaruBackendException("Executions were deleted all the while, so no copy of one moment could be taken.", "Try again when nothing is being deleted.");
        }
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), HashOf, StringComparer.Ordinal);
        var index = new BackupIndex(Format, Count(database), all);
        File.WriteAllBytes(Path.Combine(folder, IndexName), JsonSerializer.SerializeToUtf8Bytes(index));
        return Report(index, folder, config);
    }

    private static BackupReport Restore(string folder, ConfigDirectory config, CancellationToken cancellationToken)
    {
        var index = ReadIndex(folder);
        if (File.Exists(config.Database))
            throw new KitaruUsageException($"There is a store in '{config.Root}' already.", "Move it away, or set KITARU_CONFIG_PATH to another folder.");
        foreach (var (name, hash) in index.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = Path.Combine(folder, name);
            if (Path.IsPathRooted(name) || name.Split('/').Contains("..") || !File.Exists(file) || HashOf(file) != hash)
                throw Damaged(folder, name);
        }
        var database = RelativeTo(config, config.Database);
        // The database last: until it is there, there is no store.
        foreach (var name in index.Files.Keys.OrderBy(name => name == database))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Copy(Path.Combine(folder, name), Path.Combine(config.Root, name));
        }
        return Report(index, folder, config);
    }

    /// <summary>As of one moment, without keeping anybody from writing.</summary>
    private static void CopyDatabase(string from, string to)
    {
        using var connection = SqliteConnection.Open(from, busyMilliseconds: 10_000);
        connection.Script($"VACUUM INTO '{to.Replace("'", "''", StringComparison.Ordinal)}'");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static IEnumerable<string> SourceFiles(ConfigDirectory config, bool withSecretKeys)
    {
        foreach (var root in (string[])[config.Artifacts, config.Snapshots])
        {
            if (!Directory.Exists(root))
                continue;
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                // Run folders are made anew from the snapshot's own files.
                if (!Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith(StageFolders.Run, StringComparison.Ordinal)
                        || part.StartsWith(StageFolders.Worker, StringComparison.Ordinal) || part.StartsWith(StageFolders.New, StringComparison.Ordinal)))
                    yield return file;
            }
        }
        if (withSecretKeys && File.Exists(config.SecretKeys))
            yield return config.SecretKeys;
    }

    private static List<string> LargeValuesOf(string database)
    {
        using var connection = SqliteConnection.Open(database, busyMilliseconds: 0);
        var hashes = new List<string>();
        foreach (var (table, hash, bytes, _) in Storage.LargeReferences.Columns)
        {
            hashes.AddRange(connection.ReadOnce($"SELECT DISTINCT {hash} FROM {table} WHERE {hash} IS NOT NULL AND {bytes} IS NULL", row =>
            {
                var found = new List<string>();
                while (row.Step())
                    found.Add(Convert.ToHexStringLower(row.Bytes()));
                return found;
            }));
        }
        return hashes;
    }

    private static long Count(string database)
    {
        using var connection = SqliteConnection.Open(database, busyMilliseconds: 0);
        return connection.ReadOnce("SELECT count(*) FROM execution", row => row.Step() ? row.Int64() : 0);
    }

    private static BackupIndex ReadIndex(string folder)
    {
        var path = Path.Combine(folder, IndexName);
        if (!File.Exists(path))
            throw new KitaruUsageException($"'{folder}' is no complete backup: it has no {IndexName}.", "Name the folder a backup was written to.");
        try
        {
            return JsonSerializer.Deserialize<BackupIndex>(File.ReadAllBytes(path)) is { Format: Format, Files: not null } index ? index : throw Damaged(folder, IndexName);
        }
        catch (JsonException)
        {
            throw Damaged(folder, IndexName);
        }
    }

    private static BackupReport Report(BackupIndex index, string folder, ConfigDirectory config) => new(
        index.Executions, index.Files.Count - 1, index.Files.Keys.Sum(name => new FileInfo(Path.Combine(folder, name)).Length), index.Files.ContainsKey(RelativeTo(config, config.SecretKeys)));

    private static string RelativeTo(ConfigDirectory config, string file) => Path.GetRelativePath(config.Root, file).Replace('\\', '/');

    private static void Copy(string from, string to)
    {
        ConfigDirectory.Ensure(Path.GetDirectoryName(to)!);
        try
        {
            File.Copy(from, to + ".new", overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Removed since it was listed; whether it was needed is looked at afterwards.
            return;
        }
        using (var file = File.OpenHandle(to + ".new", FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(file);
        File.Move(to + ".new", to, overwrite: true);
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static KitaruUsageException Damaged(string folder, string name) => new($"'{name}' of the backup in '{folder}' is missing or was changed; nothing was restored.", "Use another backup.");

    private sealed record BackupIndex(int Format, long Executions, Dictionary<string, string> Files);
}
