using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Cleaning;

/// <summary>kitaru_clean_preview. Cleaning itself is left to the command line, where a person says yes.</summary>
internal static class PreviewTool
{
    private static readonly string[] Scopes = ["project", "global", "all"];

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_clean_preview",
        Title = "Preview what cleaning would delete",
        Description =
            "Shows what `kitaru clean` would delete on this machine, with sizes and the backup it would make. Always a dry run: nothing is deleted, and no tool deletes it. "
            + "Next: the user runs kitaru clean themselves.",
        Hints = ToolHints.Read,
        Needs = ToolNeeds.Machine,
        Arguments = [Argument.Words("scope", "project: its .kitaru; global: database, values, code, logins, settings; all: both.", Scopes, Scopes[0])],
        Output = ResultSchema.Object(
            "What would be deleted.",
            ("scope", Shape.Words("As asked.", Scopes)),
            ("dry_run", Shape.Flag("Always true.")),
            ("aborted", Shape.Flag("Always false.")),
            ("backup_path", Shape.OrNull(Shape.Text("Always null; the planned copy stands in preview."))),
            ("deleted_paths", Shape.List("Always empty.", Shape.Text("A path."))),
            ("local_server_stopped", Shape.Flag("Always false.")),
            ("local_server_force_killed_pid", Shape.OrNull(Shape.Integer("Always null."))),
            ("local_server_status", Shape.OrNull(Shape.Text("Whether the local server runs; null for project."))),
            ("reinitialized_project", Shape.Flag("Always false.")),
            ("warnings", Shape.List("What to know first.", Shape.Text("A sentence."))),
            ("active_environment_overrides", Shape.List("KITARU_ variables that are set, secrets masked.", Shape.Map("name and value."))),
            ("preview", Shape.List("What would be deleted.", Shape.Map("path, type (file, directory, backup), and where known size_bytes, note, children."))),
            ("total_bytes", Shape.Integer("Bytes that would be deleted."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var plan = await call.Backend.Client.Cleaning.PreviewAsync(Enum.Parse<CleanScope>(call.Text("scope"), ignoreCase: true), cancellationToken);
            var json = plan.ToJson();
            foreach (var reason in plan.NeedsForce)
                json["warnings"]!.AsArray().Add((JsonNode)$"Needs --force: {reason}");
            return ToolAnswer.Of(json);
        },
    };
}
