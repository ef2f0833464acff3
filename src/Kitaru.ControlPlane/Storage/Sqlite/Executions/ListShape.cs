using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// Which filters a query has; each combination has one page statement and one for the total. Parameters: 1 flow, 2 stack, 3 since,
/// 4 until, 5 original, 6 tags as a JSON array, 7 and 8 the row the page starts after, 9 the limit. Statuses are stored words in one
/// order, joined by commas; empty for all.
/// </summary>
internal readonly record struct ListShape(string Statuses, bool Flow, bool Stack, bool Since, bool Until, bool Original, bool Tags, bool MoreTags, bool After)
{
    private const string SameTags =
        """
        NOT EXISTS (SELECT 1 FROM json_each(?6) t
                    WHERE NOT EXISTS (SELECT 1 FROM execution_tag o WHERE o.tag = t.value AND o.created_at = w.created_at AND o.exec_id = w.exec_id))
        """;

    private static readonly string[] AllStatuses = ["queued", "running", "sleeping", "waiting", "completed", "failed", "cancelled"];

    public static ListShape Of(ExecutionFilter filter) => new(
        string.Join(',', AllStatuses.Where(word => filter.Statuses.Any(status => StoredWords.Of(status) == word))),
        filter.Flow is not null, filter.Stack is not null, filter.Since is not null, filter.Until is not null,
        filter.OriginalId is not null, filter.Tags.Count > 0, filter.Tags.Count > 1, filter.After is not null);

    /// <summary>A page is merged from walks along an index, each of which ends after a page.</summary>
    public string PageText()
    {
        var after = After ? "(w.created_at, w.exec_id) < (?7, ?8)" : null;
        var walks = Walks(after).Select(walk =>
            $"SELECT * FROM (SELECT w.exec_id, w.created_at FROM {walk} ORDER BY w.created_at DESC, w.exec_id DESC LIMIT ?9)");
        return $"""
            SELECT {ExecutionRow.Columns}
            FROM ({string.Join("\nUNION ALL\n", walks)}) p
            JOIN execution e ON e.exec_id = p.exec_id
            JOIN flow f ON f.flow_id = e.flow_id
            ORDER BY p.created_at DESC, p.exec_id DESC LIMIT ?9
            """;
    }

    /// <summary>From the kept counts where they can tell, else along the same indexes.</summary>
    public string TotalText()
    {
        if (Since || Until || Original || Tags)
            return $"SELECT {string.Join(" + ", Walks(null).Select(walk => $"(SELECT count(*) FROM {walk})"))}";
        return $"SELECT coalesce(sum(executions), 0) FROM execution_count w WHERE {All(Flow ? "w.flow_id = ?1" : null, Stack ? "w.stack_name = ?2" : null, StatusIn())}";
    }

    private IEnumerable<string> Walks(string? after)
    {
        var (since, until) = (Since ? "w.created_at >= ?3" : null, Until ? "w.created_at < ?4" : null);
        var (flow, stack, original) = (Flow ? "w.flow_id = ?1" : null, Stack ? "w.stack_name = ?2" : null, Original ? "w.original_exec_id = ?5" : null);
        if (Tags)
        {
            // The tag's own rows say when and which; the execution is looked at only for what they do not say.
            var tagged = All("w.tag = json_extract(?6, '$[0]')", since, until, after);
            var sameTags = MoreTags ? SameTags : null;
            yield return Flow || Stack || Original || Statuses.Length > 0
                ? $"execution_tag x CROSS JOIN execution w ON w.exec_id = x.exec_id WHERE {All(tagged.Replace("w.", "x.", StringComparison.Ordinal), sameTags, flow, stack, original, StatusIn())}"
                : $"execution_tag w WHERE {All(tagged, sameTags)}";
        }
        else if (Original)
        {
            yield return $"execution w INDEXED BY execution_by_original WHERE {All(original, flow, stack, StatusIn(), since, until, after)}";
        }
        else if (Statuses.Length == 0 && !Flow && !Stack)
        {
            yield return $"execution w INDEXED BY execution_by_created WHERE {All(since, until, after)}";
        }
        else
        {
            var index = Flow ? "execution_by_flow" : "execution_by_status";
            foreach (var status in Statuses.Length == 0 ? AllStatuses : Statuses.Split(','))
                yield return $"execution w INDEXED BY {index} WHERE {All(flow, $"w.status = '{status}'", stack, since, until, after)}";
        }
    }

    private string? StatusIn() => Statuses.Length == 0 ? null : $"w.status IN ('{Statuses.Replace(",", "', '", StringComparison.Ordinal)}')";

    private static string All(params IEnumerable<string?> conditions) =>
        string.Join(" AND ", conditions.Where(condition => condition is not null).DefaultIfEmpty("true"));
}
