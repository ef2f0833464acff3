using Kitaru.ControlPlane.Snapshots;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Flows;

namespace Kitaru.ControlPlane.Targets;

/// <summary>A target, ready to run.</summary>
/// <param name="Snapshot">The code, as it is pinned to an execution.</param>
/// <param name="Manifest">All flows in it.</param>
/// <param name="Flow">The one the target names.</param>
/// <param name="Source">The target with its path made absolute, good from any directory.</param>
/// <param name="StageFolder">Where the code lies.</param>
/// <param name="Reused">It was unchanged and not built again.</param>
public sealed record BuiltTarget(SnapshotId Snapshot, FlowManifest Manifest, FlowDefinition Flow, string Source, string StageFolder, bool Reused);

/// <summary>
/// From a target to a staged snapshot. An unchanged target costs a look at its files and no process. Several processes may build the same
/// target at once: one builds, the others take what it made.
/// </summary>
public sealed class TargetBuilder
{
    // Projects share their obj folders, so builds of different targets can get in each other's way.
    private const string ProjectsLock = "projects";
    private const string WorkPrefix = ".work-";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly ConfigDirectory _config;
    private readonly ISnapshots _snapshots;
    private readonly WorkerFiles _worker;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _environment;
    private readonly BuildRecords _records;
    private readonly StageStore _stages;

    /// <summary>Creates a builder; by default with the worker that was installed with the running program.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">There is no worker beside this program.</exception>
    public TargetBuilder(
        ConfigDirectory config, ISnapshots snapshots, WorkerFiles? worker = null, TimeProvider? time = null, Func<string, string?>? environment = null)
    {
        _config = config;
        _snapshots = snapshots;
        _environment = environment ?? Environment.GetEnvironmentVariable;
        _worker = worker ?? WorkerFiles.Locate(_environment);
        _time = time ?? TimeProvider.System;
        _records = new BuildRecords(config.Builds);
        _stages = new StageStore(config, _worker, _time);
    }

    /// <summary>Builds what <paramref name="target"/> names unless it is unchanged, and makes the snapshot known.</summary>
    /// <exception cref="KitaruBuildException">The source does not compile.</exception>
    /// <exception cref="KitaruUsageException">The target is malformed, or names no flow that exists.</exception>
    public async Task<BuiltTarget> BuildAsync(
        string target, string workingDirectory, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var reference = TargetReference.Parse(target, workingDirectory);
        var build = Choose(reference, new TargetErrors(target, workingDirectory));
        var (snapshot, reused) = await StageAsync(build, progress, cancellationToken).ConfigureAwait(false);
        var flow = FlowLookup.Find(reference, snapshot.Manifest);
        if (await _snapshots.FindAsync(snapshot.Id, cancellationToken).ConfigureAwait(false) is null)
            await _snapshots.PutAsync(snapshot, cancellationToken).ConfigureAwait(false);
        if (!await _snapshots.HasContentAsync(snapshot.Id, cancellationToken).ConfigureAwait(false))
        {
            progress?.Report("sending the compiled code to the server");
            using var content = SnapshotArchive.Pack(_stages.FilesOf(snapshot.Id));
            await _snapshots.StoreContentAsync(snapshot.Id, content, cancellationToken).ConfigureAwait(false);
        }
        return new BuiltTarget(snapshot.Id, snapshot.Manifest, flow, $"{reference.FullPath}:{reference.Flow}", _stages.FolderOf(snapshot.Id), reused);
    }

    private TargetBuild Choose(TargetReference reference, TargetErrors errors)
    {
        var path = reference.FullPath;
        if (reference.Kind == TargetKind.Assembly)
            return new AssemblyCopy(path, _worker, _environment);
        var dotnet = DotnetInstallation.Find(_environment);
        if (reference.Kind == TargetKind.Project)
            return new MsBuild(path, null, $"building {path}", _worker, dotnet, _time);
        var source = SourceFile.Read(path, errors);
        if (source.Directives.Count > 0)
            return new MsBuild(path, source, $"building {path} with its #: directives", _worker, dotnet, _time);
        if (ProjectFile.OwnerOf(path) is { } project)
        {
            var description = $"building {project}, the project that {Path.GetFileName(path)} belongs to";
            return new MsBuild(project, null, description, _worker, dotnet, _time);
        }
        return new SourceBuild(source, _worker, dotnet, _time);
    }

    private async Task<(SnapshotRecord Snapshot, bool Reused)> StageAsync(
        TargetBuild build, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var key = BuildRecords.KeyOf(build.Kind, build.TargetPath);
        if (FindUnchanged(build, _records.Find(key)) is { } unchanged)
        {
            _records.Touch(key, _time.GetUtcNow());
            return (unchanged, true);
        }
        ConfigDirectory.Ensure(_config.Builds);
        var lockName = build is MsBuild ? ProjectsLock : key;
        var held = FileLock.TryAcquire(_records.LockPath(lockName));
        if (held is null)
        {
            progress?.Report("waiting for another build");
            held = await FileLock.AcquireAsync(_records.LockPath(lockName), _time, cancellationToken).ConfigureAwait(false);
        }
        using (held)
        {
            var last = _records.Find(key);
            if (FindUnchanged(build, last) is { } meanwhile)
                return (meanwhile, true);
            progress?.Report(build.Description);
            return (await RunAsync(build, last, key, progress, cancellationToken).ConfigureAwait(false), false);
        }
    }

    private async Task<SnapshotRecord> RunAsync(
        TargetBuild build, BuildRecord? last, string key, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var workFolder = Path.Combine(_config.Builds, $"{WorkPrefix}{Guid.CreateVersion7(_time.GetUtcNow()):N}");
        DeleteAbandoned();
        ConfigDirectory.Ensure(workFolder);
        try
        {
            var startedAt = _time.GetTimestamp();
            var output = await build.RunAsync(last, workFolder, cancellationToken).ConfigureAwait(false);
            var snapshot = _stages.Add(output.Folder, output.IsOwned);
            _records.Save(key, output.Record with { Snapshot = snapshot.Id.Value });
            progress?.Report($"built in {_time.GetElapsedTime(startedAt).TotalSeconds:0.0} s");
            return snapshot;
        }
        finally
        {
            Delete(workFolder);
        }
    }

    private SnapshotRecord? FindUnchanged(TargetBuild build, BuildRecord? last)
    {
        if (last is not { Fingerprint: { } fingerprint, Snapshot: { } snapshot } || _stages.FindForUse(new SnapshotId(snapshot)) is not { } staged)
            return null;
        return build.Fingerprint(last) == fingerprint ? staged : null;
    }

    /// <summary>Left by builds that were killed.</summary>
    private void DeleteAbandoned()
    {
        var limit = _time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var folder in Directory.EnumerateDirectories(_config.Builds, WorkPrefix + "*"))
        {
            if (Directory.GetLastWriteTimeUtc(folder) < limit)
                Delete(folder);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A scanner may hold a file for a moment; the next build clears what is left.
        }
    }
}
