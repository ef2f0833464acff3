using System.Text.Json;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// The staged snapshots of a config directory, a folder each under the hash of the user's files: <c>files/</c> as they were built,
/// <c>snapshot.json</c> with the manifest, and one run folder for each version of the worker. A folder appears complete or not at all.
/// </summary>
public sealed class StageStore(ConfigDirectory config, WorkerFiles worker, TimeProvider time)
{
    private const string RecordName = StageFolders.RecordName;
    private const string FilesName = "files";

    /// <summary>The snapshot's folder, whether or not it is there.</summary>
    public string FolderOf(SnapshotId id) => Path.Combine(config.Snapshots, id.Value);

    /// <summary>A staged snapshot, or null.</summary>
    public SnapshotRecord? Find(SnapshotId id)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotRecord>(File.ReadAllBytes(Path.Combine(FolderOf(id), RecordName)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // Any other error says nothing of whether it is there, and may pass.
            return null;
        }
    }

    /// <summary>
    /// A staged snapshot that is about to be run, or null. It is marked as used first and read then: whoever is just removing it sees the mark, or
    /// is done, and then it is not there.
    /// </summary>
    internal SnapshotRecord? FindForUse(SnapshotId id) => StagedCode.TryUse(config, id, time) ? Find(id) : null;

    /// <summary>Stages a build output; <paramref name="owned"/> files are moved, others copied.</summary>
    internal SnapshotRecord Add(string folder, bool owned)
    {
        var content = StageContent.Of(folder, worker.AssemblyNames);
        var manifest = StageManifest.Read(content, worker);
        var id = content.Hash();
        if (FindForUse(id) is { } known)
            return known;
        var record = new SnapshotRecord(id, manifest, time.GetUtcNow(), content.SizeBytes());
        Appear(FolderOf(id), temporary =>
        {
            foreach (var file in content.Files)
            {
                var destination = Path.Combine(temporary, FilesName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
                if (owned)
                    File.Move(Path.Combine(folder, file), destination);
                else
                    File.Copy(Path.Combine(folder, file), destination);
                Flush(destination);
            }
            File.WriteAllBytes(Path.Combine(temporary, RecordName), JsonSerializer.SerializeToUtf8Bytes(record));
            Flush(Path.Combine(temporary, RecordName));
        });
        return record;
    }

    /// <summary>The folder with the snapshot's files, whether or not it is there.</summary>
    internal string FilesOf(SnapshotId id) => Path.Combine(FolderOf(id), FilesName);

    /// <summary>Fetches a snapshot that is not staged here, and checks it.</summary>
    /// <exception cref="KitaruNotFoundException">It is not known, or its files are not kept.</exception>
    /// <exception cref="KitaruBackendException">The files are not those of the snapshot.</exception>
    public async Task FetchAsync(SnapshotId id, ISnapshots snapshots, CancellationToken cancellationToken = default)
    {
        if (FindForUse(id) is not null)
            return;
        var record = await snapshots.FindAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruNotFoundException($"Snapshot '{Texts.Short(id.Value, 12)}' is not known.", "Run the target again, or replay the execution with its present code.");
        ConfigDirectory.Ensure(config.Snapshots);
        var unpacked = Path.Combine(config.Snapshots, $"{StageFolders.New}{Guid.CreateVersion7(time.GetUtcNow()):N}");
        try
        {
            using (var content = await snapshots.OpenContentAsync(id, cancellationToken).ConfigureAwait(false))
                await SnapshotArchive.UnpackAsync(content, unpacked, cancellationToken).ConfigureAwait(false);
            var whole = StageContent.Whole(unpacked);
            if (whole.Hash() != id)
                throw new KitaruBackendException($"The files that came for snapshot '{Texts.Short(id.Value, 12)}' are not its files; they were thrown away.", "Run the target again, which stores them anew.");
            Appear(FolderOf(id), temporary =>
            {
                foreach (var file in whole.Files)
                    Flush(Path.Combine(unpacked, file));
                Directory.Move(unpacked, Path.Combine(temporary, FilesName));
                File.WriteAllBytes(Path.Combine(temporary, RecordName), JsonSerializer.SerializeToUtf8Bytes(record));
                Flush(Path.Combine(temporary, RecordName));
            });
        }
        catch (KitaruUsageException fault)
        {
            throw new KitaruBackendException($"The files that came for snapshot '{Texts.Short(id.Value, 12)}' cannot be taken: {fault.Message}", fault.NextStep, fault);
        }
        finally
        {
            if (Directory.Exists(unpacked))
                Directory.Delete(unpacked, recursive: true);
        }
    }

    /// <summary>The folder to start a worker of this version in; made when it is not there.</summary>
    /// <exception cref="KitaruNotFoundException">The snapshot is not staged here.</exception>
    public string PrepareRunFolder(SnapshotId id)
    {
        var folder = Path.Combine(FolderOf(id), StageFolders.Run + worker.Key);
        var staged = FindForUse(id);
        if (TryTouch(folder))
            return folder;
        if (staged is null)
        {
            throw new KitaruNotFoundException(
                $"The compiled code of snapshot '{Texts.Short(id.Value, 12)}' is no longer in '{config.Snapshots}'.",
                "Run the target again, or replay the execution with its present code.");
        }
        var closure = Path.Combine(config.Snapshots, StageFolders.Worker + worker.Key);
        TryTouch(closure);
        Appear(closure, temporary => StageRunFolder.FillClosure(temporary, worker));
        var user = StageContent.Of(Path.Combine(FolderOf(id), FilesName), worker.AssemblyNames);
        Appear(folder, temporary => StageRunFolder.Fill(temporary, user, closure));
        return folder;
    }

    /// <summary>Notes that a folder is in use; false when it is not there.</summary>
    private bool TryTouch(string folder)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(folder, time.GetUtcNow().UtcDateTime);
            return Directory.Exists(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.Exists(folder);
        }
    }

    /// <summary>Fills a folder under another name and renames it; another process that was faster wins.</summary>
    private void Appear(string folder, Action<string> fill)
    {
        if (Directory.Exists(folder))
            return;
        ConfigDirectory.Ensure(config.Snapshots);
        var temporary = Path.Combine(config.Snapshots, $"{StageFolders.New}{Guid.CreateVersion7(time.GetUtcNow()):N}");
        ConfigDirectory.Ensure(temporary);
        try
        {
            fill(temporary);
            Directory.Move(temporary, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(temporary, recursive: true);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    // An execution that is pinned to a snapshot must find its bytes after a power cut.
    private static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
