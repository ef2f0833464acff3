using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Connection;

/// <summary>What kitaru_status and kitaru_info answer: the same keys, always all of them.</summary>
internal static class RuntimeShape
{
    public static JsonObject Output() => ResultSchema.Object(
        "The runtime as it is.",
        ("sdk_version", Shape.Text("Version of Kitaru.")),
        ("connection", Shape.Text("local database, local Kitaru server, remote Kitaru server, local mode (unavailable) or unavailable.")),
        ("connection_target", Shape.Text("Address of the store.")),
        ("config_directory", Shape.Text("Where settings and the local store lie.")),
        ("server_url", TextOrNull("The server; null for the local database.")),
        ("active_user", TextOrNull("Who works with it.")),
        ("project_override", TextOrNull("Project that the environment asks for.")),
        ("active_stack", TextOrNull("The stack executions run on.")),
        ("repository_root", TextOrNull("The folder that holds .kitaru.")),
        ("server_version", TextOrNull("Version of what serves the store.")),
        ("server_database", TextOrNull("Kind of database.")),
        ("server_deployment_type", TextOrNull("How the server is deployed.")),
        ("local_server_status", TextOrNull("Whether a local server runs.")),
        ("warning", TextOrNull("What does not work, one line each.")),
        ("log_store_status", TextOrNull("Where logs go, when not to the store.")),
        ("log_store_warning", TextOrNull("What does not work with it.")),
        ("environment", Shape.List("Active KITARU_ variables, secrets masked.", Shape.Object("A variable.",
            ("name", Shape.Text("Its name.")), ("value", Shape.Text("Its value."))))),
        ("kitaru_global_config_path", TextOrNull("The settings file, if it exists.")),
        ("zenml_global_config_path", TextOrNull("Always null here.")),
        ("local_stores_path", TextOrNull("The local store's folder, if it exists.")),
        ("repository_config_path", TextOrNull("The project's settings file, if it exists.")),
        ("uses_repo_local_config", Shape.Flag("Whether the project has settings of its own.")),
        ("connection_sources", Shape.OrNull(Shape.Map("Where each connection setting comes from."))),
        ("active_project", TextOrNull("The project.")),
        ("active_stack_provenance", Shape.OrNull(Shape.Map("Why this stack is active."))),
        ("active_project_provenance", Shape.OrNull(Shape.Map("Why this project is active."))),
        ("python_version", TextOrNull("Always null here.")),
        ("system_info", Shape.OrNull(Shape.Object("The machine.", ("os", Shape.Text("Operating system.")), ("architecture", Shape.Text("Processor."))))),
        ("environment_type", TextOrNull("What the process runs in.")),
        ("zenml_version", TextOrNull("Always null here.")),
        ("packages", Shape.OrNull(Shape.Map("Versions of packages."))),
        ("dotnet_version", Shape.Text("Version of .NET.")),
        ("retention", TextOrNull("Which ended executions are deleted by themselves, from KITARU_RETENTION; null for none.")),
        ("database_bytes", Shape.OrNull(Shape.Integer("Size of the database; kitaru_store_size has all of it."))));

    private static JsonObject TextOrNull(string description) => Shape.OrNull(Shape.Text(description));
}
