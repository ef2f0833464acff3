using System.Text.Json.Nodes;
using Kitaru.Client.Connection;
using Kitaru.Client.Stacks;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Status;

/// <summary>Why a stack or a project is the active one (platform.md 4.4).</summary>
internal static class Provenance
{
    private const string StackKey = "active_stack_id";
    private const string ProjectKey = "active_project_id";

    /// <summary>Of the stack.</summary>
    public static JsonObject OfStack(KitaruClient client, ActiveStack? active) => Of(
        client, "active_stack", StackKey, "KITARU_STACK", active?.SavedId, active?.Stack.Id.ToString(), active?.Stack.Name, active is { IsStale: true } ? active.Warning.Split('\n') : []);

    /// <summary>Of the project.</summary>
    public static JsonObject OfProject(KitaruClient client, ConnectionSettings? settings, string? id, string? name) => Of(
        client, "active_project", ProjectKey, ConnectionVariables.Project, settings?.Project, id, name,
        settings is { LacksProject: true } ? [$"{ConnectionVariables.Project} must be set: the server is named by the environment."] : []);

    private static JsonObject Of(
        KitaruClient client, string resource, string key, string variable, string? effective, string? resolvedId, string? resolvedName, IReadOnlyList<string> notes)
    {
        var root = ActiveStack.ProjectRoot(client.WorkingDirectory);
        var repositoryFile = root is null ? null : Path.Combine(root, ".kitaru", "config.yaml");
        var (ofRepository, ofUser) = (Read(repositoryFile, client, key), Read(client.Directory.Settings, client, key));
        var ofEnvironment = ConnectionVariables.Read(client.EnvironmentOf, variable);
        var source = ofEnvironment is not null ? "environment" : ofRepository is not null ? "repo-local config" : ofUser is not null ? "global config" : "unset";
        return new JsonObject
        {
            ["resource"] = resource,
            ["effective_source"] = source,
            ["effective_source_detail"] = source switch
            {
                "environment" => variable,
                "repo-local config" => repositoryFile,
                "global config" => client.Directory.Settings,
                _ => null,
            },
            ["effective_id"] = ofEnvironment ?? effective ?? ofRepository ?? ofUser,
            ["resolved_id"] = resolvedId,
            ["resolved_name"] = resolvedName,
            ["environment_variable"] = variable,
            ["environment_id"] = ofEnvironment,
            ["repository_root"] = root,
            ["repository_config_path"] = repositoryFile is not null && File.Exists(repositoryFile) ? repositoryFile : null,
            ["repository_id"] = ofRepository,
            ["global_config_path"] = File.Exists(client.Directory.Settings) ? client.Directory.Settings : null,
            ["global_id"] = ofUser,
            ["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]),
        };
    }

    private static string? Read(string? path, KitaruClient client, string key)
    {
        try
        {
            return path is null ? null : new ConfigFile(path, client.Directory).Read(key);
        }
        catch (KitaruUsageException)
        {
            // Said by the snapshot's warning.
            return null;
        }
    }
}
