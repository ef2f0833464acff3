using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions explain.</summary>
internal static class ExplainCommand
{
    private const int EvidenceCharsMax = 600;

    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        return new LeafCommand(
            "executions.explain", "Says in words where an execution stands, what that rests on, and what to do now.", "kitaru executions explain 0199c0de-0000-7000-8000-000000000000",
            async (call, cancellationToken) =>
            {
                var explanation = await call.Client.Executions.ExplainAsync(await ExecutionOptions.IdOf(call, id, cancellationToken), cancellationToken);
                return Answer.Item(ExplanationJson.Of(explanation), Text(explanation)) with { Hints = [.. explanation.Next.Where(next => ToolCommands.Words(next.Tool) is not null).Select(Hint)] };
            })
        {
            id,
        };
    }

    private static Snapshot Text(Explanation explanation) => new(
        "Kitaru explanation",
        ("Execution ID", explanation.ExecutionId.ToString()),
        ("Flow", explanation.FlowName),
        ("Status", Cell.Status(StatusWords.Of(explanation.Status))),
        ("Situation", ExplanationJson.Word(explanation.Situation)),
        ("Summary", explanation.Summary))
    {
        Sections = [new Snapshot.Section("Evidence", [.. explanation.Evidence.Select(item => (Snapshot.Row)(item.What, Shown(item.Value)))])],
    };

    private static string Shown(JsonNode? value) => Texts.Clip(
        value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : KitaruJson.Write(value), EvidenceCharsMax);

    private static string Hint(NextCall next) => $"{ToolCommands.Of(next.Tool, next.Arguments)}  ({next.Why})";
}
