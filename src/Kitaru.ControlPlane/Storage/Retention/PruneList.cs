using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Ended executions by age: walks along one index that holds all that is asked for.</summary>
internal static class PruneList
{
    private static string Matching(Dialect dialect) =>
        $"""
        FROM execution INDEXED BY execution_by_end
        WHERE ended_at < ?1
        AND (?2 IS NULL OR flow_id = (SELECT flow_id FROM flow WHERE name = ?2))
        AND (?3 IS NULL OR status IN {Sql.Items(dialect, "?3")})
        """;

    /// <summary>All ended ones take part in the count of the newest, not only those that are old enough.</summary>
    private static string MatchingButNewest(Dialect dialect) =>
        $"""
        FROM (SELECT exec_id, status, ended_at, flow_id, row_number() OVER (PARTITION BY flow_id ORDER BY ended_at DESC, exec_id DESC) AS place
              FROM execution INDEXED BY execution_by_end
              WHERE ended_at IS NOT NULL AND (?2 IS NULL OR flow_id = (SELECT flow_id FROM flow WHERE name = ?2))) placed
        WHERE place > ?4 AND ended_at < ?1 AND (?3 IS NULL OR status IN {Sql.Items(dialect, "?3")})
        """;

    private static readonly Sql CountSql = Sql.Of(dialect => $"SELECT count(*) {Matching(dialect)}");
    private static readonly Sql ListSql = Sql.Of(dialect => $"SELECT exec_id, status, ended_at {Matching(dialect)} ORDER BY ended_at, exec_id LIMIT ?5");
    private static readonly Sql CountButNewestSql = Sql.Of(dialect => $"SELECT count(*) {MatchingButNewest(dialect)}");
    private static readonly Sql ListButNewestSql = Sql.Of(dialect => $"SELECT exec_id, status, ended_at {MatchingButNewest(dialect)} ORDER BY ended_at, exec_id LIMIT ?5");

    public static Prunable Read(Connection connection, PruneFilter filter)
    {
        var (countSql, listSql) = filter.KeepNewest > 0 ? (CountButNewestSql, ListButNewestSql) : (CountSql, ListSql);
        long matched;
        using (var count = connection.Use(countSql))
        {
            Bind(count, filter);
            if (filter.KeepNewest > 0)
                count.Bind((long)filter.KeepNewest);
            count.Step();
            matched = count.Int64();
        }
        var candidates = new List<PruneCandidate>();
        using var row = connection.Use(listSql);
        Bind(row, filter).Bind((long)filter.KeepNewest).Bind((long)filter.Limit);
        while (row.Step())
            candidates.Add(new PruneCandidate(new ExecutionId(row.Id()), StoredWords.ToStatus(row.Text()), row.Time()));
        return new Prunable(matched, candidates);
    }

    private static Statement Bind(Statement statement, PruneFilter filter) => statement
        .Bind(filter.EndedBefore).Bind(filter.Flow).Bind(StoredJson.OfList([.. filter.Statuses.Select(StoredWords.Of)]));
}
