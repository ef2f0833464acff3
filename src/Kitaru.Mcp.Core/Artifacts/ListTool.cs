using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Artifacts;

/// <summary>kitaru_artifacts_list.</summary>
internal static class ListTool
{
    private static readonly string[] Kinds = ["prompt", "response", "context", "input", "output", "blob"];

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_artifacts_list",
        Title = "List an execution's artifacts",
        Description =
            "Lists the recorded values of one execution without their content: what checkpoints returned and what was saved by name, oldest first; all filters must hold. Next: "
            + "kitaru_artifacts_get(artifact_id).",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Text("name", "Only artifacts of this name.", example: "draft"),
            Argument.Words("kind", "Only artifacts of this kind.", Kinds),
            Argument.Text("producing_call", "Only those of this checkpoint call, such as draft_2.", example: "write_draft"),
            Argument.Integer("limit", "Most items on a page.", least: 1, most: 200, preset: 50),
            Argument.Text("cursor", "next_cursor of the page before."),
        ],
        Output = ResultSchema.List("References to values.", ExecutionShapes.ArtifactRef()),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (name, kind, producer) = (call.TextOrNull("name"), call.TextOrNull("kind"), call.TextOrNull("producing_call"));
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var detail = await kitaru.Executions.GetAsync(call.ExecutionId("exec_id"), cancellationToken);
        List<ArtifactRecord> matching = [.. detail.Artifacts.Where(artifact =>
            (name is null || artifact.Name == name)
            && (kind is null || artifact.Kind == kind)
            && (producer is null || artifact.ProducingCall == producer))];
        var first = call.TextOrNull("cursor") is { } cursor ? FirstBehind(matching, cursor, call) : 0;
        List<ArtifactRecord> page = [.. matching.Skip(first).Take(call.Integer("limit"))];
        return ToolAnswer.OfList(page.Select(Reference), matching.Count, first + page.Count < matching.Count ? page[^1].Id.ToString() : null);
    }

    /// <summary>A cursor is the id of the last artifact on the page before.</summary>
    private static int FirstBehind(List<ArtifactRecord> matching, string cursor, ToolCall call)
    {
        var last = matching.FindIndex(artifact => artifact.Id.ToString() == cursor);
        return last >= 0 ? last + 1 : throw ArgumentCheck.Error("cursor", "next_cursor of a page with the same filters", call.Any("cursor"), "0199c0de-0000-7000-8000-000000000000");
    }

    private static JsonObject Reference(ArtifactRecord artifact)
    {
        var reference = ArtifactJson.Of(artifact);
        ResultBudget.LeaveOutLarge(reference, "metadata", "kitaru_artifacts_get");
        return reference;
    }
}
