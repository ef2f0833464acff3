using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_latest.</summary>
internal static class LatestTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_latest",
        Title = "Inspect the newest execution",
        Description =
            "Answers the last created execution that matches all filters, in full: \"how did the last run of research_agent end?\". None matches: an error "
            + "that says so.",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.Status(),
            ExecutionArguments.Flow(),
            ExecutionArguments.StackFilter(),
            ExecutionFields.Argument(),
        ],
        Output = ExecutionShapes.FullResult(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var fields = ExecutionFields.Of(call, ExecutionShapes.FullKeys);
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var query = new ExecutionQuery
        {
            Statuses = call.TextOrNull("status") is { } word ? StatusWords.Behind(word) : [],
            Flow = call.TextOrNull("flow"),
            Stack = await ExecutionArguments.StackFilterOfAsync(call, kitaru, cancellationToken),
            Limit = 1,
        };
        var page = await kitaru.Executions.ListAsync(query, cancellationToken);
        if (page.Items is not [var newest, ..])
            throw new KitaruLookupException(
                $"No execution matches {Filters(call)}.",
                "See what there is with kitaru_executions_list, or start one with kitaru_executions_run.");
        return await ExecutionAnswers.AnswerAsync(kitaru, newest.Id, cancellationToken, fields);
    }

    private static string Filters(ToolCall call)
    {
        var given = call.Arguments.Select(pair => $"{pair.Key}='{Texts.Short(pair.Value?.ToString() ?? "")}'").ToList();
        return given.Count == 0 ? "because there is none yet" : string.Join(", ", given);
    }
}
