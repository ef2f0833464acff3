using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions latest.</summary>
internal static class LatestCommand
{
    public static LeafCommand Create()
    {
        var (status, flow, stack, tags) = (ExecutionOptions.Status(), ExecutionOptions.Flow(), ExecutionOptions.Stack(), ExecutionOptions.Tags());
        return new LeafCommand("executions.latest", "Shows the newest execution that matches.", "kitaru executions latest --flow research_agent", async (call, cancellationToken) =>
        {
            var query = new ExecutionQuery
            {
                Statuses = ExecutionOptions.StatusesOf(call, status),
                Flow = call.Get(flow),
                Stack = await ExecutionOptions.StackOfAsync(call, stack, cancellationToken),
                Tags = call.Get(tags) ?? [],
            };
            try
            {
                return await ExecutionAnswers.FullAsync(call, (await call.Client.Executions.LatestAsync(query, cancellationToken)).Execution.Id, cancellationToken);
            }
            catch (KitaruLookupException fault)
            {
                var hints = await FilterHints.OfAsync(call.Client, query, cancellationToken);
                throw hints.Count == 0 ? fault : new KitaruLookupException(string.Join(' ', [fault.Message, .. hints]), fault.NextStep);
            }
        })
        {
            status,
            flow,
            stack,
            tags,
        };
    }
}
