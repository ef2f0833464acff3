using System.Text.Json.Nodes;

namespace Kitaru.Client.Status;

/// <summary>What this installation is connected to and how it is set up (platform.md 4.4). Made by <see cref="RuntimeSnapshots"/>.</summary>
public sealed record RuntimeSnapshot
{
    /// <summary>Version of the library.</summary>
    public required string SdkVersion { get; init; }

    /// <summary><c>local database</c>, <c>local Kitaru server</c>, <c>remote Kitaru server</c>, <c>local mode (unavailable)</c> or <c>unavailable</c>.</summary>
    public required string Connection { get; init; }

    /// <summary>Address of the store, or <c>unavailable</c>.</summary>
    public required string ConnectionTarget { get; init; }

    /// <summary>The config directory.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>The server's address; null for the embedded store.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The version of what serves the store; null when it was not asked or did not answer.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Its kind of database.</summary>
    public string? ServerDatabase { get; init; }

    /// <summary>How it is deployed.</summary>
    public string? ServerDeploymentType { get; init; }

    /// <summary>Whether a local server runs.</summary>
    public string? LocalServerStatus { get; init; }

    /// <summary>Where each part of the connection comes from; null when nothing was said about it.</summary>
    public JsonObject? ConnectionSources { get; init; }

    /// <summary>The project that calls work on; null when it is not known.</summary>
    public string? ActiveProject { get; init; }

    /// <summary>What was asked for beyond the usual, or null.</summary>
    public RuntimeDetails? Details { get; init; }

    /// <summary>Who works with it.</summary>
    public string? ActiveUser { get; init; }

    /// <summary>The project that the environment asks for.</summary>
    public string? ProjectOverride { get; init; }

    /// <summary>The stack executions run on.</summary>
    public string? ActiveStack { get; init; }

    /// <summary>The folder that holds <c>.kitaru</c>.</summary>
    public string? RepositoryRoot { get; init; }

    /// <summary>What does not work, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Active variables, secrets masked.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The settings file, if it exists.</summary>
    public string? GlobalConfigPath { get; init; }

    /// <summary>The folder of the local store, if it exists.</summary>
    public string? LocalStoresPath { get; init; }

    /// <summary>The project's settings file, if it exists.</summary>
    public string? RepositoryConfigPath { get; init; }

    /// <summary>The operating system: linux, macos, windows.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The processor's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Version of the runtime.</summary>
    public required string DotnetVersion { get; init; }

    /// <summary>What is deleted by itself, or null for nothing.</summary>
    public string? Retention { get; init; }

    /// <summary>Bytes of the database and its log; null when it cannot be seen.</summary>
    public long? DatabaseBytes { get; init; }

    /// <summary>The contract's 31 keys, always present; ours: dotnet_version, retention, database_bytes.</summary>
    public JsonObject ToJson() => new()
    {
        ["sdk_version"] = SdkVersion,
        ["connection"] = Connection,
        ["connection_target"] = ConnectionTarget,
        ["config_directory"] = ConfigDirectory,
        ["server_url"] = ServerUrl,
        ["active_user"] = ActiveUser,
        ["project_override"] = ProjectOverride,
        ["active_stack"] = ActiveStack,
        ["repository_root"] = RepositoryRoot,
        ["server_version"] = ServerVersion,
        ["server_database"] = ServerDatabase,
        ["server_deployment_type"] = ServerDeploymentType,
        ["local_server_status"] = LocalServerStatus,
        ["warning"] = Warnings.Count == 0 ? null : string.Join('\n', Warnings),
        ["log_store_status"] = null,
        ["log_store_warning"] = null,
        ["environment"] = new JsonArray([.. Environment.Select(pair => new JsonObject { ["name"] = pair.Key, ["value"] = pair.Value })]),
        ["kitaru_global_config_path"] = GlobalConfigPath,
        ["zenml_global_config_path"] = null,
        ["local_stores_path"] = LocalStoresPath,
        ["repository_config_path"] = RepositoryConfigPath,
        ["uses_repo_local_config"] = RepositoryConfigPath is not null,
        ["connection_sources"] = ConnectionSources?.DeepClone(),
        ["active_project"] = ActiveProject,
        ["active_stack_provenance"] = Details?.StackProvenance?.DeepClone(),
        ["active_project_provenance"] = Details?.ProjectProvenance?.DeepClone(),
        ["python_version"] = null,
        ["system_info"] = new JsonObject { ["os"] = OperatingSystem, ["architecture"] = Architecture },
        ["environment_type"] = Details?.EnvironmentType,
        ["zenml_version"] = null,
        ["packages"] = Details?.Packages?.DeepClone(),
        ["dotnet_version"] = DotnetVersion,
        ["retention"] = Retention,
        ["database_bytes"] = DatabaseBytes,
    };
}
