using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions list.</summary>
internal static class ListCommand
{
    private const int LimitMax = 1000;

    public static LeafCommand Create()
    {
        var (status, flow, stack, tags, paging) = (ExecutionOptions.Status(), ExecutionOptions.Flow(), ExecutionOptions.Stack(), ExecutionOptions.Tags(), new Paging());
        var limit = CommonOptions.Number("--limit", "How many at most, instead of pages.", 1, LimitMax);
        return new LeafCommand("executions.list", "Lists executions, the newest first.", "kitaru executions list --status waiting", async (call, cancellationToken) =>
        {
            if (call.IsGiven(limit) && (call.IsGiven(paging.Page) || call.IsGiven(paging.Size)))
                throw new KitaruUsageException("--limit excludes --page and --size.", "Give --limit alone, or --page and --size.");
            var query = new ExecutionQuery
            {
                Statuses = ExecutionOptions.StatusesOf(call, status),
                Flow = call.Get(flow),
                Stack = await ExecutionOptions.StackOfAsync(call, stack, cancellationToken),
                Tags = call.Get(tags) ?? [],
                Limit = call.Get(limit) ?? paging.SizeOf(call),
            };
            var (page, number) = (await call.Client.Executions.ListAsync(query, cancellationToken), 1);
            while (!call.IsGiven(limit) && number < paging.PageOf(call) && page.NextCursor is not null)
                (page, number) = (await call.Client.Executions.ListAsync(query with { Cursor = page.NextCursor }, cancellationToken), number + 1);
            IReadOnlyList<ExecutionRecord> shown = call.IsGiven(limit) || number == paging.PageOf(call) ? page.Items : [];
            var note = call.IsGiven(limit) ? null : paging.Note(call, shown.Count, page.Total);
            return Answer.List(shown.Select(ExecutionJson.Summary), ExecutionText.Table(shown, note)) with
            {
                Hints = page.Total == 0 ? await FilterHints.OfAsync(call.Client, query, cancellationToken) : [],
            };
        })
        {
            status,
            flow,
            stack,
            tags,
            limit,
            paging.Page,
            paging.Size,
        };
    }
}
