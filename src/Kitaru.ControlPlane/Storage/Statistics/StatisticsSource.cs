using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// Where the rows of a query come from: the kept counts when they can tell; else the narrow rows of ended executions, which lie in the
/// order in which they are grouped, and the live ones from an index; the executions themselves for tags and metadata only.
/// </summary>
internal sealed class StatisticsSource(StatisticsSql sql, StatisticsFilter filter, IReadOnlyList<MetricInput> inputs, Guid? flow)
{
    private const string ReusedCount = "(SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id AND (j.original_call_id IS NOT NULL OR j.cached_call_id IS NOT NULL))";

    private static readonly string[] Live = ["queued", "running", "sleeping", "waiting"];

    private static readonly StatisticsDimension[] Kept = [StatisticsDimension.Status, StatisticsDimension.Flow, StatisticsDimension.Stack];

    private static readonly (string Column, StatisticsDimension By)[] FactKey =
    [
        ("e.created_day", StatisticsDimension.Time), ("e.status", StatisticsDimension.Status),
        ("e.flow_id", StatisticsDimension.Flow), ("e.stack_name", StatisticsDimension.Stack),
    ];

    private readonly HashSet<StatisticsDimension> _by = [.. filter.GroupBy.Select(grouping => grouping.Dimension)];

    private bool ByHour => filter.GroupBy.Any(grouping => grouping.Granularity == TimeGranularity.Hour);

    /// <summary>The tags' own rows know all but metadata and what metrics are computed from; then they stand for the executions.</summary>
    private string TagAlias => inputs.Count == 0 && filter.Metadata.Count == 0 && !_by.Contains(StatisticsDimension.Metadata) ? "e" : "x";

    private string Bucket => ByHour ? "e.created_at / 3600000000 * 3600" : "e.created_at / 86400000000 * 86400";

    public string Text()
    {
        if (filter.Tags.Count > 0 || filter.Metadata.Count > 0 || _by.Contains(StatisticsDimension.Tag) || _by.Contains(StatisticsDimension.Metadata)
            || inputs.Any(input => input.Source == MetricSource.Metadata))
        {
            return OfExecutions();
        }
        if (inputs.Count == 0 && filter.Since is null && filter.Until is null && _by.IsSubsetOf(Kept))
            return OfCounts();
        return string.Join("\nUNION ALL\n", OfEndedAndLive());
    }

    private string OfCounts() =>
        $"SELECT {Columns(null, "e.executions", [])} FROM execution_count e WHERE {All(["e.executions > 0", .. SimpleFilters("e"), Statuses("e")])}";

    private IEnumerable<string> OfEndedAndLive()
    {
        if (filter.Statuses.Count == 0 || filter.Statuses.Any(StatusEnds))
            yield return OfEnded();
        if (filter.Statuses.Count == 0 || !filter.Statuses.All(StatusEnds))
            yield return OfLive();
    }

    /// <summary>Grouped along the key as far as the query looks at it, which needs no sorting; by the hour it would.</summary>
    private string OfEnded()
    {
        string Value(MetricInput input) => input.Source switch
        {
            MetricSource.Duration => "e.duration",
            MetricSource.StepCount => "e.steps",
            MetricSource.CachedStepCount => "e.steps_reused",
            _ => "e.outputs",
        };
        var where = All([.. Range("e.created_day", 86_400_000_000), .. SimpleFilters("e"), .. TimeFilters("e"), Statuses("e")]);
        if (ByHour || !inputs.All(input => input.CanGather(sql.Dialect)))
            return $"SELECT {Columns(Bucket, "1", inputs.SelectMany(input => input.PartsOfOne(Value(input))))} FROM execution_fact e WHERE {where}";
        var groupBy = FactKey[..(1 + Array.FindLastIndex(FactKey, step => _by.Contains(step.By)))].Select(step => step.Column).ToList();
        return $"""
            SELECT {Columns("e.created_day * 86400", "count(*)", inputs.SelectMany(input => input.PartsOfMany(Value(input))))}
            FROM execution_fact e WHERE {where} {(groupBy.Count == 0 ? "" : $"GROUP BY {string.Join(", ", groupBy)}")}
            """;
    }

    /// <summary>An index has all of it but the counts of steps, which stand in the journal until the end.</summary>
    private string OfLive()
    {
        string Value(MetricInput input) => input.Source switch
        {
            MetricSource.Duration => "CAST(NULL AS BIGINT)",
            MetricSource.StepCount => $"({ExecutionRow.CallCount})",
            MetricSource.CachedStepCount => ReusedCount,
            _ => $"({ExecutionRow.ArtifactCount})",
        };
        var statuses = filter.Statuses.Count == 0 ? In("e", Live) : In("e", filter.Statuses.Select(StoredWords.Of).Where(Live.Contains));
        return $"""
            SELECT {Columns(Bucket, "1", inputs.SelectMany(input => input.PartsOfOne(Value(input))))}
            FROM flow f CROSS JOIN execution e INDEXED BY execution_by_flow ON e.flow_id = f.flow_id AND {statuses}
            WHERE {All([.. SimpleFilters("e"), .. TimeFilters("e")])}
            """;
    }

    private string OfExecutions()
    {
        string Value(MetricInput input) => input.Source switch
        {
            MetricSource.Duration => "(e.ended_at - e.started_at)",
            MetricSource.StepCount => $"coalesce(e.checkpoint_count, {ExecutionRow.CallCount})",
            MetricSource.CachedStepCount => ReusedCount,
            MetricSource.OutputArtifactCount => $"coalesce(e.artifact_count, {ExecutionRow.ArtifactCount})",
            _ => MetadataNumber(input.MetadataKey!),
        };
        var values = filter.GroupBy.Index().Where(item => item.Item.Dimension == StatisticsDimension.Metadata)
            .Select(item => $"{MetadataScalar(item.Item.MetadataKey!)} AS v{item.Index}");
        var columns = Columns(Bucket, "1", [.. values, .. inputs.SelectMany(input => input.PartsOfOne(Value(input)))]);
        // One tag to filter by is a range of the tags' key.
        var (byTag, first) = (_by.Contains(StatisticsDimension.Tag), filter.Tags.Count > 0 ? filter.Tags[0] : null);
        var range = byTag || first is null ? null : $"{TagAlias}.tag = {sql.Bind(statement => statement.Bind(first))}";
        var from = !byTag && first is null ? "execution e"
            : TagAlias == "e" ? "execution_tag e"
            : "execution_tag x CROSS JOIN execution e ON e.exec_id = x.exec_id";
        var where = All([
            range, .. filter.Tags.Skip(range is null ? 0 : 1).Select(HasTag), .. SimpleFilters("e"), .. TimeFilters(from == "execution e" ? "e" : TagAlias),
            Statuses("e"), .. filter.Metadata.Select(HasMetadata)]);
        // The limit keeps this a query of its own: merged with the outer one, it would read the metadata again for every use of a value.
        return $"SELECT {columns} FROM {from} WHERE {where} {(sql.Dialect == Dialect.Sqlite ? "LIMIT -1" : "OFFSET 0")}";
    }

    /// <param name="bucket">The start of the hour or day in seconds; null when time is not grouped by.</param>
    /// <param name="count">How many executions a row stands for.</param>
    /// <param name="more">Further columns.</param>
    private string Columns(string? bucket, string count, IEnumerable<string> more)
    {
        return string.Join(", ", new[]
        {
            _by.Contains(StatisticsDimension.Time) ? $"{bucket} AS bucket" : null,
            _by.Contains(StatisticsDimension.Status) ? "e.status" : null,
            _by.Contains(StatisticsDimension.Flow) ? "e.flow_id" : null,
            _by.Contains(StatisticsDimension.Stack) ? "e.stack_name" : null,
            _by.Contains(StatisticsDimension.Tag) ? $"{TagAlias}.tag" : null,
            $"{count} AS n",
        }.OfType<string>().Concat(more));
    }

    private IEnumerable<string> SimpleFilters(string alias)
    {
        if (flow is { } id)
            yield return $"{alias}.flow_id = {sql.Bind(statement => statement.Bind(id))}";
        if (filter.Stack is { } stack)
            yield return $"{alias}.stack_name = {sql.Bind(statement => statement.Bind(stack))}";
    }

    private IEnumerable<string> TimeFilters(string alias)
    {
        if (filter.Since is { } since)
            yield return $"{alias}.created_at >= {sql.Bind(statement => statement.Bind(since))}";
        if (filter.Until is { } until)
            yield return $"{alias}.created_at < {sql.Bind(statement => statement.Bind(until))}";
    }

    /// <summary>The same range on a coarser column, which an index leads with.</summary>
    private IEnumerable<string> Range(string column, long microseconds)
    {
        if (filter.Since is { } since)
            yield return $"{column} >= {sql.Bind(statement => statement.Bind(Instant.ToMicroseconds(since) / microseconds))}";
        if (filter.Until is { } until)
            yield return $"{column} <= {sql.Bind(statement => statement.Bind(Instant.ToMicroseconds(until) / microseconds))}";
    }

    private string? Statuses(string alias) => filter.Statuses.Count == 0 ? null : In(alias, filter.Statuses.Select(StoredWords.Of));

    private string HasTag(string tag) =>
        $"EXISTS (SELECT 1 FROM execution_tag o WHERE o.tag = {sql.Bind(statement => statement.Bind(tag))} AND o.created_at = {TagAlias}.created_at AND o.exec_id = {TagAlias}.exec_id)";

    private string HasMetadata(KeyValuePair<string, JsonNode?> pair) => $"{MetadataScalar(pair.Key)} IS NOT DISTINCT FROM {Scalar(pair.Value)}";

    private string Scalar(JsonNode? value)
    {
        var parameter = sql.Bind(statement => statement.BindScalar(value));
        return sql.Dialect == Dialect.Sqlite ? parameter : $"kitaru_json({parameter})";
    }

    /// <summary>A text or a number as it is, true and false as one byte, so that they are not 1 and 0; NULL for all the rest.</summary>
    private string MetadataScalar(string key)
    {
        var path = Path(key);
        if (sql.Dialect == Dialect.Postgres)
            return $"(SELECT CASE WHEN jsonb_typeof(s) IN ('string', 'number', 'boolean') THEN s END FROM (SELECT kitaru_json(e.metadata) -> {path} AS s) m)";
        return $"CASE json_type(e.metadata, {path}) WHEN 'text' THEN e.metadata ->> {path} WHEN 'integer' THEN e.metadata ->> {path} "
            + $"WHEN 'real' THEN e.metadata ->> {path} WHEN 'true' THEN x'01' WHEN 'false' THEN x'00' END";
    }

    /// <summary>In a form whose sums never fail: floating-point in SQLite, where whole numbers could run over, and numeric in PostgreSQL, where those could.</summary>
    private string MetadataNumber(string key)
    {
        var path = Path(key);
        if (sql.Dialect == Dialect.Postgres)
        {
            return "(SELECT CASE jsonb_typeof(s) WHEN 'number' THEN (s #>> '{}')::numeric END "
                + $"FROM (SELECT kitaru_json(e.metadata) -> {path} AS s) m)";
        }
        return $"CASE WHEN json_type(e.metadata, {path}) IN ('integer', 'real') THEN CAST(e.metadata ->> {path} AS REAL) END";
    }

    private string Path(string key) => sql.Bind(statement => statement.Bind(sql.Dialect == Dialect.Sqlite ? "$." + KitaruJson.Write(JsonValue.Create(key)) : key));

    private static bool StatusEnds(ExecutionStatus status) => ExecutionTransitions.IsTerminal(status);

    private static string In(string alias, IEnumerable<string> words) => $"{alias}.status IN ('{string.Join("', '", words)}')";

    private static string All(IEnumerable<string?> conditions) => string.Join(" AND ", conditions.Where(condition => condition is not null).DefaultIfEmpty("true"));
}
