using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.StoreTests.Statistics;

/// <summary>Random queries over a random store answer what a naive count over the listed executions does.</summary>
public abstract class RandomStatisticsSuite : StoreSuite
{
    private const int Batches = 14;
    private const int BatchSize = 20;
    private const int Queries = 300;

    private static readonly string[] Flows = ["a", "b", "c"];
    private static readonly string[] Stacks = ["default", "prod"];
    private static readonly string[] Tags = ["nightly", "customer-facing", "x y"];
    private static readonly string?[] Tiers = ["\"gold\"", "\"1\"", "1", "2.5", "true", "false", "null", "{\"a\":1}", "\"ü 😀\"", null];
    private static readonly string?[] Scores = ["1", "2", "2.75", "-3", "\"4\"", "true", "1e3", null];
    private static readonly string[] Keys = ["tier", "score", "a \"quoted\"\\ key.with[all]$"];

    private protected RandomStatisticsSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Compute_RandomQueries_AnswerWhatTheReferenceDoes(int seed)
    {
        var random = new Random(seed);
        for (var batch = 0; batch < Batches; batch++)
            await FillAsync(random);
        var all = await SeenAsync();
        all.Select(seen => seen.Execution.Status).Distinct().Count().ShouldBe(7);
        all.ShouldContain(seen => seen.Reused > 0);

        for (var i = 0; i < Queries; i++)
        {
            var query = Query(random, all);
            var expected = StatisticsReference.Compute(all, query);
            ShouldBe(await Plane.Statistics.ComputeAsync(query), expected, $"seed {seed}, query {i}: {query} {Words(query)}");
        }
    }

    private static void ShouldBe(StatisticsResult actual, StatisticsResult expected, string what)
    {
        actual.Groups.Select(group => $"{KitaruJson.Write(group.Keys)} {group.ExecutionCount}")
            .ShouldBe(expected.Groups.Select(group => $"{KitaruJson.Write(group.Keys)} {group.ExecutionCount}"), what);
        actual.IsTruncated.ShouldBe(expected.IsTruncated, what);
        foreach (var (mine, reference) in actual.Groups.Zip(expected.Groups))
        {
            foreach (var (metric, number) in mine.Metrics.Zip(reference.Metrics))
            {
                metric.Key.ShouldBe(number.Key);
                metric.Value.HasValue.ShouldBe(number.Value.HasValue, $"{what} {metric.Key}");
                if (number.Value is { } value)
                    metric.Value!.Value.ShouldBe(value, Math.Abs(value) * 1e-9 + 1e-9, $"{what} {metric.Key}");
            }
        }
    }

    private static StatisticsQuery Query(Random random, IReadOnlyList<StatisticsReference.Seen> all)
    {
        StatisticsGrouping[] groupings =
        [
            new(StatisticsDimension.Status), new(StatisticsDimension.Flow), new(StatisticsDimension.Stack), new(StatisticsDimension.Tag),
            StatisticsGrouping.ByTime((TimeGranularity)random.Next(4)), StatisticsGrouping.ByMetadata(Keys[random.Next(Keys.Length)]),
        ];
        random.Shuffle(groupings);
        // Most without what needs the executions themselves, so that every source of rows has its turn.
        var plain = random.Next(2) == 0;
        var usable = groupings.Where(grouping => !plain || grouping.Dimension is not (StatisticsDimension.Tag or StatisticsDimension.Metadata));
        bool Rarely() => random.Next(4) == 0;
        var some = all[random.Next(all.Count)].Execution;
        return new StatisticsQuery
        {
            GroupBy = [.. usable.Take(random.Next(4))],
            Metrics = [.. Enumerable.Range(0, random.Next(5)).Select(i => Metric(random, i, plain))],
            Flow = !Rarely() ? null : Rarely() ? "none" : random.Next(2) == 0 ? some.FlowName : some.FlowId.ToString(),
            Status = Rarely() ? some.Status : null,
            Stack = Rarely() ? some.StackName : null,
            Tags = plain || !Rarely() ? [] : [.. Tags.Take(random.Next(1, 3))],
            Metadata = plain || !Rarely() ? [] : new JsonObject { ["tier"] = JsonNode.Parse(Tiers[random.Next(7)]!) },
            Since = Rarely() ? some.CreatedAt : null,
            Until = Rarely() ? some.CreatedAt.AddDays(random.Next(1, 20)) : null,
            MaxGroups = random.Next(3) == 0 ? random.Next(1, 8) : 1000,
        };
    }

    private static StatisticsMetric Metric(Random random, int i, bool plain)
    {
        var source = (MetricSource)random.Next(plain ? 4 : 5);
        return new StatisticsMetric($"m{i}", source, (MetricAggregation)random.Next(6), source == MetricSource.Metadata ? Keys[random.Next(Keys.Length)] : null);
    }

    private static string Words(StatisticsQuery query) =>
        string.Join(" ", query.GroupBy.Select(grouping => grouping.ToString()).Concat(query.Metrics.Select(metric => metric.ToString())).Concat(query.Tags)) + query.Metadata.ToJsonString();

    private async Task FillAsync(Random random)
    {
        Time.Advance(TimeSpan.FromMinutes(random.Next(1, 60 * 24 * 8)));
        var made = await Task.WhenAll(Enumerable.Range(0, BatchSize).Select(_ => New(Flows[random.Next(Flows.Length)]) with
        {
            StackName = Stacks[random.Next(Stacks.Length)],
            Tags = [.. Tags.Where(_ => random.Next(3) == 0)],
        }).ToList().Select(execution => Plane.Executions.CreateAsync(execution)));
        foreach (var execution in made)
        {
            Time.Advance(TimeSpan.FromMicroseconds(random.Next(1, 90_000_000)));
            var fate = random.Next(12);
            if (fate == 0)
                continue;
            if (fate == 1)
                await Plane.Executions.CancelAsync(execution.Id);
            else
                await LiveAsync((await ClaimAsync(execution.Id)).Lease, fate, random);
        }
    }

    private async Task LiveAsync(Lease lease, int fate, Random random)
    {
        for (var seq = 1; seq <= random.Next(1, 4); seq++)
            await Plane.Journal.AppendAsync(lease, Entry(seq, $"step_{seq}") with { ExecutionMetadata = Metadata(random) });
        Time.Advance(TimeSpan.FromMicroseconds(random.Next(1, 90_000_000)));
        switch (fate)
        {
            case 2:
                return;
            case 3:
                await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddYears(1));
                return;
            case 4:
                await OpenWaitAsync(lease, "approve");
                return;
            case 5:
                await Plane.Executions.CancelAsync(lease.ExecutionId);
                return;
            default:
                var status = fate < 8 ? ExecutionStatus.Failed : ExecutionStatus.Completed;
                await Plane.Journal.FinishAsync(lease, new Outcome(status, null, null, status == ExecutionStatus.Failed ? Boom : null, Metadata(random)));
                break;
        }
        if (fate == 6)
            await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, "me");
        else if (fate == 8)
            await ReplayAsync(lease.ExecutionId, random);
    }

    private async Task ReplayAsync(ExecutionId source, Random random)
    {
        var replay = await Plane.Replays.CreateAsync(new ReplayRequest { Source = source, From = "step_1" }, New(), "me");
        if (random.Next(2) == 0)
            await FinishAsync((await ClaimAsync(replay.Id)).Lease);
    }

    private static JsonObject Metadata(Random random)
    {
        var metadata = new JsonObject();
        Add("tier", Tiers[random.Next(Tiers.Length)]);
        Add("score", Scores[random.Next(Scores.Length)]);
        Add(Keys[2], Scores[random.Next(Scores.Length)]);
        return metadata;

        void Add(string key, string? json)
        {
            if (json is not null)
                metadata[key] = JsonNode.Parse(json);
        }
    }

    private async Task<IReadOnlyList<StatisticsReference.Seen>> SeenAsync()
    {
        var page = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 1000 });
        page.NextCursor.ShouldBeNull();
        var seen = new List<StatisticsReference.Seen>();
        foreach (var execution in page.Items)
            seen.Add(new(execution, (await Plane.Executions.GetAsync(execution.Id)).Calls.Count(call => call.OriginalCallId is not null)));
        return seen;
    }
}

public sealed class SqliteRandomStatisticsTests() : RandomStatisticsSuite(new SqliteUnderTest());
