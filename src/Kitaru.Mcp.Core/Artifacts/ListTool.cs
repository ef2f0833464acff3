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
            Argument.Integer("limit", "How many at most, 1 to 200.", least: 1, most: 200, preset: 50),
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
        return ToolAnswer.OfList(matching.Take(call.Integer("limit")).Select(Reference), matching.Count, nextCursor: null);
    }

    private static JsonObject Reference(ArtifactRecord artifact)
    {
        var reference = ArtifactJson.Of(artifact);
        ResultBudget.LeaveOutLarge(reference, "metadata", "kitaru_artifacts_get");
        return reference;
    }
}
