using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>Nothing matches a filter: perhaps it was mistyped.</summary>
internal static class FilterHints
{
    public static async Task<IReadOnlyList<string>> OfAsync(KitaruClient client, ExecutionQuery query, CancellationToken cancellationToken)
    {
        var hints = new List<string>();
        if (query.Flow is { } flow)
            hints.AddRange(Hint("flow", flow, await NamesAsync(client, StatisticsDimension.Flow, "flow_name", cancellationToken)));
        if (query.Stack is { } stack)
            hints.AddRange(Hint("stack", stack, [.. (await (await client.OpenAsync(cancellationToken)).Stacks.ListAsync(cancellationToken)).Select(each => each.Name)]));
        if (query.Tags.Count > 0)
        {
            var known = await NamesAsync(client, StatisticsDimension.Tag, "tag", cancellationToken);
            hints.AddRange(query.Tags.SelectMany(tag => Hint("tag", tag, known)));
        }
        return hints;
    }

    private static IEnumerable<string> Hint(string what, string text, IReadOnlyList<string> known) => known.Contains(text) ? []
        : [$"No execution has the {what} '{Texts.Short(text, 80)}'.{Texts.DidYouMean(text, known)}"];

    private static async Task<IReadOnlyList<string>> NamesAsync(KitaruClient client, StatisticsDimension dimension, string label, CancellationToken cancellationToken)
    {
        var query = new StatisticsQuery { GroupBy = [new StatisticsGrouping(dimension)], MaxGroups = StatisticsRules.GroupsMax };
        var result = await client.Executions.StatisticsAsync(query, cancellationToken);
        return [.. result.Groups.Select(group => group.Labels.Where(pair => pair.Key == label).Select(pair => pair.Value).FirstOrDefault() ?? group.Keys[label]?.ToString()).OfType<string>()];
    }
}
