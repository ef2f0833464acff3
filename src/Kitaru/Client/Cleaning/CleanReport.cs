using System.Text.Json.Nodes;

namespace Kitaru;

/// <summary>What cleaning would delete, or has deleted.</summary>
public sealed record CleanReport
{
    /// <summary>What was asked for.</summary>
    public required CleanScope Scope { get; init; }

    /// <summary>Whether nothing was touched because only a preview was asked for.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether nothing was touched because it was refused.</summary>
    public bool Aborted { get; init; }

    /// <summary>The copy of the database that was made first; null when there was none, or none was made.</summary>
    public string? BackupPath { get; init; }

    /// <summary>What is gone.</summary>
    public IReadOnlyList<string> DeletedPaths { get; init; } = [];

    /// <summary>Whether a local server ran and was stopped.</summary>
    public bool LocalServerStopped { get; init; }

    /// <summary><c>not running</c>, <c>running at …</c> or <c>registered but not running</c>; null when only a project is cleaned.</summary>
    public string? LocalServerStatus { get; init; }

    /// <summary>Whether the project was made anew afterwards.</summary>
    public bool ReinitializedProject { get; init; }

    /// <summary>What to know before or after, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Variables that stay set and change what commands work on, secrets masked.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> EnvironmentOverrides { get; init; } = [];

    /// <summary>What is deleted, in whole.</summary>
    public IReadOnlyList<CleanEntry> Preview { get; init; } = [];

    /// <summary>Why it needs to be forced, one line each; empty when it does not.</summary>
    public IReadOnlyList<string> NeedsForce { get; init; } = [];

    /// <summary>Bytes of what is deleted.</summary>
    public long TotalBytes => Preview.Where(entry => entry.Type != "backup").Sum(entry => entry.SizeBytes ?? 0);

    /// <summary>The contract's keys, always all of them.</summary>
    public JsonObject ToJson() => new()
    {
        ["scope"] = Scope.ToString().ToLowerInvariant(),
        ["dry_run"] = DryRun,
        ["aborted"] = Aborted,
        ["backup_path"] = BackupPath,
        ["deleted_paths"] = new JsonArray([.. DeletedPaths.Select(path => (JsonNode)path)]),
        ["local_server_stopped"] = LocalServerStopped,
        ["local_server_force_killed_pid"] = null,
        ["local_server_status"] = LocalServerStatus,
        ["reinitialized_project"] = ReinitializedProject,
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => (JsonNode)warning)]),
        ["active_environment_overrides"] = new JsonArray([.. EnvironmentOverrides.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value })]),
        ["preview"] = new JsonArray([.. Preview.Select(entry => entry.ToJson())]),
        ["total_bytes"] = TotalBytes,
    };
}
