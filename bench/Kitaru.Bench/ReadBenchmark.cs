using System.Diagnostics;
using Kitaru.Core;

namespace Kitaru.Bench;

/// <summary>What reading costs on a store with very many executions: statistics, and pages of lists.</summary>
internal static class ReadBenchmark
{
    private const int Executions = 100_000;
    private const int PagesDeep = 500;

    private static readonly StatisticsGrouping Status = new(StatisticsDimension.Status), Flow = new(StatisticsDimension.Flow), Stack = new(StatisticsDimension.Stack),
        Tag = new(StatisticsDimension.Tag), Hour = StatisticsGrouping.ByTime(TimeGranularity.Hour), Day = StatisticsGrouping.ByTime(TimeGranularity.Day),
        Month = StatisticsGrouping.ByTime(TimeGranularity.Month), Tier = StatisticsGrouping.ByMetadata("customer_tier");

    private static readonly StatisticsMetric Mean = new("duration_avg", MetricSource.Duration, MetricAggregation.Avg), High = new("p95", MetricSource.Duration, MetricAggregation.P95),
        Steps = new("steps", MetricSource.StepCount, MetricAggregation.Avg), Tokens = new("tokens", MetricSource.Metadata, MetricAggregation.Sum, "kitaru_llm_total_tokens_v1");

    private static readonly (string Name, StatisticsQuery Query)[] Statistics =
    [
        ("status", new() { GroupBy = [Status] }),
        ("status, day; avg duration", new() { GroupBy = [Status, Day], Metrics = [Mean] }),
        ("flow, status; avg duration", new() { GroupBy = [Flow, Status], Metrics = [Mean] }),
        ("flow, status; p95 duration", new() { GroupBy = [Flow, Status], Metrics = [High] }),
        ("stack, month; avg duration, p95, avg steps", new() { GroupBy = [Stack, Month], Metrics = [Mean, High, Steps] }),
        ("flow, status, stack, day; avg duration", new() { GroupBy = [Flow, Status, Stack, Day], Metrics = [Mean], MaxGroups = 10_000 }),
        ("status, hour; avg duration", new() { GroupBy = [Status, Hour], Metrics = [Mean] }),
        ("status, day; avg duration; one flow", new() { GroupBy = [Status, Day], Metrics = [Mean], Flow = "flow_3" }),
        ("status, day; avg duration; one week", new() { GroupBy = [Status, Day], Metrics = [Mean], Since = Time(40), Until = Time(47) }),
        ("status, day; avg duration; tag of 10,000", new() { GroupBy = [Status, Day], Metrics = [Mean], Tags = ["nightly"] }),
        ("status, day; avg duration; tag of 33,333", new() { GroupBy = [Status, Day], Metrics = [Mean], Tags = ["customer-facing"] }),
        ("tag, status; avg duration", new() { GroupBy = [Tag, Status], Metrics = [Mean] }),
        ("metadata, status; tag of 33,333", new() { GroupBy = [Tier, Status], Tags = ["customer-facing"] }),
        ("metadata, status; avg duration", new() { GroupBy = [Tier, Status], Metrics = [Mean] }),
        ("flow; sum of a number in metadata", new() { GroupBy = [Flow], Metrics = [Tokens] }),
        ("status; one value of metadata", new() { GroupBy = [Status], Metadata = new() { ["customer_tier"] = "gold" } }),
    ];

    public static async Task StatisticsAsync(string folder)
    {
        await using var client = await LargeStore.CreateAsync(folder, Executions);
        PrintHead("statistics");
        foreach (var (name, query) in Statistics)
        {
            var groups = 0;
            await PrintAsync(name, 15, async () => groups = (await client.Executions.StatisticsAsync(query)).Groups.Count, () => $"{groups} groups");
        }
    }

    public static async Task ListsAsync(string folder)
    {
        await using var client = await LargeStore.CreateAsync(folder, Executions);
        PrintHead("a page of 20");
        foreach (var (name, query) in Lists())
        {
            var page = await client.Executions.ListAsync(query);
            await PrintAsync(name, 51, () => client.Executions.ListAsync(query), () => $"{page.Total} match");
            if (page.NextCursor is null)
                continue;
            var deep = query with { Limit = 1000 };
            var (cursor, pages) = (page.NextCursor, 0);
            while (pages < PagesDeep / 10 && (await client.Executions.ListAsync(deep with { Cursor = cursor })).NextCursor is { } next)
                (cursor, pages) = (next, pages + 1);
            if (pages > 0)
                await PrintAsync(name + ", deep", 51, () => client.Executions.ListAsync(query with { Cursor = cursor }), () => $"after {pages * 1000} rows");
        }
        await PrintAsync("all, 100 rows", 51, () => client.Executions.ListAsync(new ExecutionQuery { Limit = 100 }), () => "");
        await PrintAsync("all, 1,000 rows", 21, () => client.Executions.ListAsync(new ExecutionQuery { Limit = 1000 }), () => "");
    }

    /// <summary>Each filter with each other.</summary>
    private static IEnumerable<(string Name, ExecutionQuery Query)> Lists()
    {
        var filters = new (string Name, Func<ExecutionQuery, ExecutionQuery> Apply)[]
        {
            ("status completed", query => query with { Statuses = [ExecutionStatus.Completed] }),
            ("status running", query => query with { Statuses = [ExecutionStatus.Running] }),
            ("flow", query => query with { Flow = "flow_3" }),
            ("stack", query => query with { Stack = "prod" }),
            ("tag", query => query with { Tags = ["customer-facing"] }),
            ("two tags", query => query with { Tags = ["nightly", "customer-facing"] }),
            ("since", query => query with { Since = Time(5) }),
            ("until", query => query with { Until = Time(60) }),
        };
        yield return ("all", new ExecutionQuery());
        for (var i = 0; i < filters.Length; i++)
        {
            yield return (filters[i].Name, filters[i].Apply(new ExecutionQuery()));
            // The next one is of the same kind for some.
            for (var j = i + (filters[i].Name is "status completed" or "tag" ? 2 : 1); j < filters.Length; j++)
                yield return ($"{filters[i].Name}, {filters[j].Name}", filters[j].Apply(filters[i].Apply(new ExecutionQuery())));
        }
        yield return ("flow, status, stack, since", new ExecutionQuery { Flow = "flow_3", Statuses = [ExecutionStatus.Failed], Stack = "prod", Since = Time(5) });
    }

    private static DateTimeOffset Time(int day) => DateTimeOffset.FromUnixTimeSeconds(1775000000 + day * 86400);

    private static void PrintHead(string what)
    {
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"| {what} over {Executions:N0} executions | p50 ms | p95 ms | processor ms | |"));
        Console.WriteLine("|---|---|---|---|---|");
    }

    private static async Task PrintAsync(string name, int times, Func<Task> read, Func<string> note)
    {
        // The first ones fill caches and compile.
        for (var i = 0; i < 3; i++)
            await read();
        using var process = Process.GetCurrentProcess();
        var processorBefore = process.TotalProcessorTime;
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var clock = Stopwatch.StartNew();
            await read();
            taken.Add(clock.Elapsed.TotalMilliseconds);
        }
        process.Refresh();
        // Which a busy machine hardly changes.
        var processor = (process.TotalProcessorTime - processorBefore).TotalMilliseconds / times;
        taken.Sort();
        Console.WriteLine(FormattableString.Invariant($"| {name} | {taken[times / 2]:0.0} | {taken[times * 95 / 100]:0.0} | {processor:0.0} | {note()} |"));
    }
}
