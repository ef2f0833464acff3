using System.Globalization;
using Kitaru.Client.Cleaning;
using Kitaru.Client.Stacks;
using Kitaru.Client.Status;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Backup;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru;

/// <summary>Deletes what Kitaru keeps on this machine: a project's folder, the config directory, or both. Nothing on a server is touched.</summary>
public sealed class CleaningClient
{
    private const string Marker = ".kitaru";
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    private readonly KitaruClient _client;

    internal CleaningClient(KitaruClient client) => _client = client;

    private ConfigDirectory Config => _client.Directory;

    /// <summary>What would be deleted. Nothing is touched.</summary>
    /// <exception cref="KitaruUsageException">There is no project, or the folder is one that is never deleted.</exception>
    public async Task<CleanReport> PreviewAsync(CleanScope scope, CancellationToken cancellationToken = default)
    {
        var project = scope == CleanScope.Global ? null : ProjectFolder(isOptional: scope == CleanScope.All);
        var preview = new List<CleanEntry>();
        if (project is not null)
        {
            ThrowIfPrecious(project);
            preview.Add(CleanTree.OfProject(project));
        }
        if (scope == CleanScope.Project)
            return new CleanReport { Scope = scope, DryRun = true, Preview = preview, EnvironmentOverrides = Overrides() };
        ThrowIfPrecious(Config.Root);
        if (CleanTree.OfConfig(Config) is { } config)
            preview.Add(config);
        if (File.Exists(Config.Database))
            preview.Add(new CleanEntry(BackupFile(), "backup") { Note = "a copy of the database, made first" });
        return new CleanReport
        {
            Scope = scope,
            DryRun = true,
            Preview = preview,
            LocalServerStatus = ServerStatus(),
            Warnings = Warnings(),
            EnvironmentOverrides = Overrides(),
            NeedsForce = await ReasonsAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Deletes it: the local server is stopped and the database copied first.</summary>
    /// <param name="scope">What.</param>
    /// <param name="force">Also when executions have not ended, or the store or the settings cannot be read.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="KitaruUsageException">There is no project, the folder is one that is never deleted, or it needs to be forced.</exception>
    /// <exception cref="KitaruBackendException">Something cannot be copied or deleted.</exception>
    public async Task<CleanReport> RunAsync(CleanScope scope, bool force = false, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var plan = await PreviewAsync(scope, cancellationToken).ConfigureAwait(false);
        if (plan.NeedsForce.Count > 0 && !force)
            throw new KitaruUsageException($"Nothing was deleted: {string.Join(" ", plan.NeedsForce)}", "Call again with --force to delete all the same.");
        var (stopped, warnings) = (false, plan.Warnings.ToList());
        string? backup = null;
        if (scope != CleanScope.Project)
        {
            progress?.Report("stopping the local server");
            stopped = await StopServerAsync(warnings, cancellationToken).ConfigureAwait(false);
            progress?.Report("copying the database");
            backup = await BackupAsync(force, warnings, cancellationToken).ConfigureAwait(false);
        }
        List<string> deleted = [];
        foreach (var entry in plan.Preview.Where(entry => entry.Type != "backup"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report($"deleting {entry.Path}");
            Delete(entry.Path);
            deleted.Add(entry.Path);
        }
        return plan with { DryRun = false, BackupPath = backup, LocalServerStopped = stopped, DeletedPaths = deleted, Warnings = warnings };
    }

    private string? ProjectFolder(bool isOptional) => ActiveStack.ProjectRoot(_client.WorkingDirectory) is { } root
        ? Path.Combine(root, Marker)
        : isOptional ? null : throw new KitaruUsageException($"There is no project here: neither '{_client.WorkingDirectory}' nor a folder above it has {Marker}.", "Go into the project's folder, or clean the other scope: global.");

    private void ThrowIfPrecious(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var home = Path.TrimEndingDirectorySeparator(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        var here = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_client.WorkingDirectory)) + Path.DirectorySeparatorChar;
        var comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var why = Path.GetDirectoryName(full) is null ? "the root of a file system"
            : full.Equals(home, comparison) || (home + Path.DirectorySeparatorChar).StartsWith(full + Path.DirectorySeparatorChar, comparison) ? "or holds your home directory"
            : here.StartsWith(full + Path.DirectorySeparatorChar, comparison) ? "or holds the working directory"
            : null;
        if (why is not null)
            throw new KitaruUsageException($"'{full}' is {why}, which is never deleted.", $"Go to another folder, or set {ConfigDirectory.Variable} to a folder of its own.");
    }

    private async Task<IReadOnlyList<string>> ReasonsAsync(CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        if (CleanTree.Foreign(Config) is { Count: > 0 } foreign)
            reasons.Add($"'{Config.Root}' holds what Kitaru did not make: {Texts.Short(string.Join(", ", foreign.Take(5)), 200)}{(foreign.Count > 5 ? $" and {foreign.Count - 5} more" : "")}.");
        try
        {
            _ = new ConfigFile(Config.Settings, Config).Read("active_stack_id");
        }
        catch (KitaruUsageException fault)
        {
            reasons.Add(fault.Message);
        }
        if (File.Exists(Config.Database) && await OpenExecutionsAsync(cancellationToken).ConfigureAwait(false) is { } open)
            reasons.Add(open);
        return reasons;
    }

    private async Task<string?> OpenExecutionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var store = await EmbeddedControlPlane.OpenAsync(EmbeddedOptions.FromEnvironment(Config, _client.EnvironmentOf) with { Time = _client.Time }, cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                var query = new ExecutionQuery { Statuses = [ExecutionStatus.Running, ExecutionStatus.Waiting], Limit = 1 };
                var open = (await store.Executions.ListAsync(query, cancellationToken).ConfigureAwait(false)).Total;
                return open == 0 ? null : $"{open} executions in the local database have not ended, and would be lost.";
            }
        }
        catch (KitaruException fault)
        {
            return fault.Message;
        }
    }

    private async Task<bool> StopServerAsync(List<string> warnings, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(StopMax, _client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return (await _client.LocalServer.StopAsync(either.Token).ConfigureAwait(false)).Stopped;
        }
        catch (Exception fault) when (fault is KitaruException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            warnings.Add($"The local server could not be stopped: {(fault is KitaruException ? fault.Message : $"it did not end within {StopMax.TotalSeconds} s.")}");
            return false;
        }
    }

    private async Task<string?> BackupAsync(bool force, List<string> warnings, CancellationToken cancellationToken)
    {
        if (!File.Exists(Config.Database))
            return null;
        var path = BackupFile();
        try
        {
            await StoreBackup.CopyDatabaseAsync(Config, path, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch (KitaruBackendException fault) when (force)
        {
            warnings.Add($"No backup was made: {fault.Message}");
            return null;
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: new DirectoryInfo(folder).LinkTarget is null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruBackendException($"'{folder}' could not be deleted: {fault.Message}", "Close what has files of it open, such as assistants with kitaru-mcp, then call again.", fault);
        }
    }

    private List<string> Warnings()
    {
        List<string> warnings = [];
        if (ConnectionVariables.Read(_client.EnvironmentOf, ConfigDirectory.Variable) is not null)
            warnings.Add($"{ConfigDirectory.Variable} is set: the config directory is {Config.Root}.");
        if (File.Exists(Config.SecretKeys))
            warnings.Add($"The keys of secrets are deleted too. Keep {Path.GetFileName(Config.SecretKeys)} elsewhere if the backup's secrets shall be read again.");
        return warnings;
    }

    private List<KeyValuePair<string, string>> Overrides() =>
        [.. RuntimeSnapshots.VariablesOf(_client.EnvironmentOf)];

    private string ServerStatus() => LocalServerRegistration.Read(LocalServerRegistration.PathIn(Config)) switch
    {
        null => "not running",
        { IsAlive: true } running => $"running at {running.Url}",
        _ => "registered but not running",
    };

    private string BackupFile() => Path.Combine(
        $"{Path.TrimEndingDirectorySeparator(Config.Root)}-backups", $"backup-{_client.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH-mm-ss", CultureInfo.InvariantCulture)}.db");
}
