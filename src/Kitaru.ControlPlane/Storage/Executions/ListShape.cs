using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// Which filters a query has; each combination has one page statement and one for the total. Parameters: 1 flow, 2 stack, 3 since,
/// 4 until, 5 original, 6 tags as a JSON array, 7 deployment, 8 and 9 the row the page starts after, 10 the limit. Statuses are stored words in one
/// order, joined by commas; empty for all.
/// </summary>
internal readonly record struct ListShape(string Statuses, bool Flow, bool Stack, bool Since, bool Until, bool Original, bool Deployment, int Tags, bool After)
{
    private static readonly string[] AllStatuses = ["queued", "running", "sleeping", "waiting", "completed", "failed", "cancelled"];

    public static ListShape Of(ExecutionFilter filter) => new(
        string.Join(',', AllStatuses.Where(word => filter.Statuses.Any(status => StoredWords.Of(status) == word))),
        filter.Flow is not null, filter.Stack is not null, filter.Since is not null, filter.Until is not null,
        filter.OriginalId is not null, filter.Deployment is not null, filter.Tags.Count, filter.After is not null);

    /// <summary>A page is merged from walks along an index, each of which ends after a page.</summary>
    public string PageText(Dialect dialect)
    {
        var walks = Walks(dialect).Select(walk => $"SELECT * FROM ({walk} ORDER BY created_at DESC, exec_id DESC LIMIT ?10) walk");
        return $"""
            SELECT {ExecutionRow.Columns}
            FROM ({string.Join("\nUNION ALL\n", walks)}) p
            JOIN execution e ON e.exec_id = p.exec_id
            JOIN flow f ON f.flow_id = e.flow_id
            ORDER BY p.created_at DESC, p.exec_id DESC LIMIT ?10
            """;
    }

    /// <summary>From the kept counts where they can tell, else along the same indexes.</summary>
    public string TotalText(Dialect dialect)
    {
        // In order only where it merges two tags, which else would be sorted.
        var order = Tags > 1 && !Original && !Deployment ? " ORDER BY created_at, exec_id" : "";
        if (Since || Until || Original || Deployment || Tags > 0)
            return $"SELECT {string.Join(" + ", Walks(dialect).Select(walk => $"(SELECT count(*) FROM ({walk}{order}) walk)"))}";
        return $"SELECT coalesce(sum(executions), 0) FROM execution_count w WHERE {All(Flow ? "w.flow_id = ?1" : null, Stack ? "w.stack_name = ?2" : null, StatusIn())}";
    }

    private IEnumerable<string> Walks(Dialect dialect)
    {
        const string rows = "SELECT w.created_at, w.exec_id FROM";
        var range = All(Since ? "w.created_at >= ?3" : null, Until ? "w.created_at < ?4" : null, After ? "(w.created_at, w.exec_id) < (?8, ?9)" : null);
        var (flow, stack) = (Flow ? "w.flow_id = ?1" : null, Stack ? "w.stack_name = ?2" : null);
        if (Original || Deployment)
        {
            var tags = Enumerable.Range(0, Tags).Select(i =>
                $"EXISTS (SELECT 1 FROM execution_tag o WHERE o.tag = {Tag(dialect, i)} AND o.created_at = w.created_at AND o.exec_id = w.exec_id)");
            var deployment = Deployment ? "w.deployment_id = ?7" : null;
            string Walk(string index, params IEnumerable<string?> first) => $"{rows} execution w INDEXED BY {index} WHERE {All([.. first, flow, stack, range, .. tags])}";
            if (Original)
                yield return Walk("execution_by_original", "w.original_exec_id = ?5", deployment, StatusIn());
            else
            {
                foreach (var status in Stati())
                    yield return Walk("execution_by_deployment", deployment, $"w.status = '{status}'");
            }
        }
        else if (Tags > 0)
        {
            // Each tag's rows lie in the same order: what they share is found in one pass over both.
            var others = Enumerable.Range(1, Tags - 1).Select(i => $" INTERSECT {rows} execution_tag w WHERE {All($"w.tag = {Tag(dialect, i)}", range)}");
            yield return $"{rows} execution_tag w WHERE {All($"w.tag = {Tag(dialect, 0)}", range, flow, stack, StatusIn())}{string.Concat(others)}";
        }
        else if (Statuses.Length == 0 && !Flow && !Stack)
        {
            yield return $"{rows} execution w INDEXED BY execution_by_created WHERE {range}";
        }
        else
        {
            var index = Flow ? "execution_by_flow" : Stack ? "execution_by_stack" : "execution_by_status";
            foreach (var status in Stati())
                yield return $"{rows} execution w INDEXED BY {index} WHERE {All(flow, $"w.status = '{status}'", stack, range)}";
        }
    }

    private string[] Stati() => Statuses.Length == 0 ? AllStatuses : Statuses.Split(',');

    private static string Tag(Dialect dialect, int i) => dialect == Dialect.Sqlite ? $"json_extract(?6, '$[{i}]')" : $"(?6::jsonb ->> {i})";

    private string? StatusIn() => Statuses.Length == 0 ? null : $"w.status IN ('{Statuses.Replace(",", "', '", StringComparison.Ordinal)}')";

    private static string All(params IEnumerable<string?> conditions) =>
        string.Join(" AND ", conditions.Where(condition => condition is not null).DefaultIfEmpty("true"));
}
