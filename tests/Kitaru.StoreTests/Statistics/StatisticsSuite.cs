using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.StoreTests.Statistics;

/// <summary>What statistics count (runtime.md 7).</summary>
public abstract class StatisticsSuite : StoreSuite
{
    private static readonly StatisticsGrouping Status = new(StatisticsDimension.Status);

    private static readonly StatisticsMetric Mean = new("mean", MetricSource.Duration, MetricAggregation.Avg);

    private protected StatisticsSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Compute_EmptyStore_IsOneEmptyGroupOrNone()
    {
        var one = (await Plane.Statistics.ComputeAsync(new StatisticsQuery { Metrics = [Mean] })).Groups.ShouldHaveSingleItem();
        one.ExecutionCount.ShouldBe(0);
        one.Keys.Count.ShouldBe(0);
        one.Metrics.ShouldBe([KeyValuePair.Create("mean", (double?)null)]);
        (await Plane.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [Status] })).Groups.ShouldBeEmpty();
        (await Plane.Statistics.ComputeAsync(new StatisticsQuery { Flow = "none" })).Groups.ShouldHaveSingleItem().ExecutionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Compute_ByStatus_QueuedRunningAndSleepingAreOneAndEmptyOnesAreLeftOut()
    {
        await CreateAsync();
        await HeldAsync();
        await ReleaseAsync(await HeldAsync(), ExecutionStatus.Sleeping, Time.Now.AddDays(1));
        await FinishAsync(await HeldAsync());
        // One that was waiting and is not any more.
        var waiting = await HeldAsync();
        await OpenWaitAsync(waiting, "w");
        await Plane.Executions.CancelAsync(waiting.ExecutionId);

        // Kept counts, and rows.
        await ShouldBeAsync(new StatisticsQuery { GroupBy = [Status] }, """{"status":"running"} 3""", """{"status":"cancelled"} 1""", """{"status":"completed"} 1""");
        await ShouldBeAsync(
            new StatisticsQuery { GroupBy = [Status], Since = Time.Now.AddDays(-1) },
            """{"status":"running"} 3""", """{"status":"cancelled"} 1""", """{"status":"completed"} 1""");
        await ShouldBeAsync(new StatisticsQuery { GroupBy = [Status], Status = ExecutionStatus.Sleeping }, """{"status":"running"} 3""");
    }

    [Fact]
    public async Task Compute_ByFlowAndStack_AnswersIdsAndNamesInLabels()
    {
        var first = await Plane.Executions.CreateAsync(New("greet") with { StackName = "prod" });

        var group = (await Plane.Statistics.ComputeAsync(new StatisticsQuery
        {
            GroupBy = [new(StatisticsDimension.Flow), new(StatisticsDimension.Stack) { Name = "where" }],
        })).Groups.ShouldHaveSingleItem();

        group.Keys.ToJsonString().ShouldBe($$"""{"flow_id":"{{first.FlowId}}","where":"prod"}""");
        group.Labels.ShouldBe([KeyValuePair.Create("flow_name", "greet"), KeyValuePair.Create("stack_name", "prod")]);
    }

    [Theory]
    [InlineData(TimeGranularity.Hour, "2026-06-16T08:00:00+00:00", "2026-06-21T23:00:00+00:00", "2026-06-22T00:00:00+00:00", "2026-07-01T00:00:00+00:00")]
    [InlineData(TimeGranularity.Day, "2026-06-16T00:00:00+00:00", "2026-06-21T00:00:00+00:00", "2026-06-22T00:00:00+00:00", "2026-07-01T00:00:00+00:00")]
    [InlineData(TimeGranularity.Week, "2026-06-15T00:00:00+00:00", "2026-06-22T00:00:00+00:00", "2026-06-29T00:00:00+00:00")]
    [InlineData(TimeGranularity.Month, "2026-06-01T00:00:00+00:00", "2026-07-01T00:00:00+00:00")]
    public async Task Compute_ByTime_BucketsStartInUtcAndComeOldestFirst(TimeGranularity granularity, params string[] starts)
    {
        // Tuesday; the last moment of Sunday; Monday's first; the first of a month.
        foreach (var moment in new[] { "2026-06-16T08:30:00Z", "2026-06-21T23:59:59.999999Z", "2026-06-22T00:00:00Z", "2026-07-01T00:00:00Z" })
        {
            Time.Advance(DateTimeOffset.Parse(moment) - Time.Now);
            await FinishAsync(await HeldAsync());
        }

        foreach (var query in new[] { new StatisticsQuery(), new StatisticsQuery { Metadata = new JsonObject { ["none"] = null } } })
        {
            var result = await Plane.Statistics.ComputeAsync(query with { GroupBy = [StatisticsGrouping.ByTime(granularity)] });
            result.Groups.Select(group => group.Keys[0]!.ToString()).ShouldBe(starts);
            result.Groups.Sum(group => group.ExecutionCount).ShouldBe(4);
        }
    }

    [Fact]
    public async Task Compute_MoreGroupsThanAskedFor_KeepsTheNewestByTimeElseTheLargest()
    {
        for (var day = 0; day < 4; day++)
        {
            for (var i = 0; i <= day % 2; i++)
                await CreateAsync($"flow_{day % 3}");
            Time.Advance(TimeSpan.FromDays(1));
        }

        var byTime = new StatisticsQuery { GroupBy = [StatisticsGrouping.ByTime(TimeGranularity.Day)], MaxGroups = 2 };
        await ShouldBeAsync(byTime, """{"day":"2026-06-18T00:00:00+00:00"} 1""", """{"day":"2026-06-19T00:00:00+00:00"} 2""");
        (await Plane.Statistics.ComputeAsync(byTime)).IsTruncated.ShouldBeTrue();
        (await Plane.Statistics.ComputeAsync(byTime with { MaxGroups = 4 })).IsTruncated.ShouldBeFalse();
        var byFlow = await Plane.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [new(StatisticsDimension.Flow)], MaxGroups = 1 });
        byFlow.Groups.ShouldHaveSingleItem().Labels.ShouldBe([KeyValuePair.Create("flow_name", "flow_0")]);
        byFlow.IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public async Task Compute_Durations_CountEndedExecutionsThatStarted()
    {
        await CreateAsync();
        await HeldAsync();
        await Plane.Executions.CancelAsync((await CreateAsync()).Id);
        for (var seconds = 1; seconds <= 20; seconds++)
        {
            var lease = await HeldAsync();
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await FinishAsync(lease);
        }

        var metrics = Enum.GetValues<MetricAggregation>().Select(how => new StatisticsMetric(how.ToString(), MetricSource.Duration, how)).ToList();
        var all = (await Plane.Statistics.ComputeAsync(new StatisticsQuery { Metrics = metrics })).Groups.ShouldHaveSingleItem();
        all.ExecutionCount.ShouldBe(23);
        all.Metrics.Select(metric => metric.Value).ShouldBe([10.5, 210, 1, 20, 10, 19]);
        (await Plane.Statistics.ComputeAsync(new StatisticsQuery { Metrics = metrics, Status = ExecutionStatus.Cancelled })).Groups
            .ShouldHaveSingleItem().Metrics.Select(metric => metric.Value).ShouldAllBe(value => value == null);
    }

    [Fact]
    public async Task Compute_Tags_CountOncePerTagAndFilterByAll()
    {
        await Plane.Executions.CreateAsync(New() with { Tags = ["x", "y"] });
        await Plane.Executions.CreateAsync(New() with { Tags = ["x"] });
        await CreateAsync();

        var byTag = new StatisticsQuery { GroupBy = [new(StatisticsDimension.Tag)] };
        await ShouldBeAsync(byTag, """{"tag":"x"} 2""", """{"tag":"y"} 1""");
        await ShouldBeAsync(byTag with { Tags = ["y"] }, """{"tag":"x"} 1""", """{"tag":"y"} 1""");
        await ShouldBeAsync(new StatisticsQuery { Tags = ["x", "y"] }, "{} 1");
        await ShouldBeAsync(new StatisticsQuery { Tags = ["z"] }, "{} 0");
    }

    [Fact]
    public async Task Compute_Metadata_GroupsByScalarsAndReadsNumbersOnly()
    {
        foreach (var value in new[] { "1", "1.0", "\"1\"", "true", "null", "[1]" })
            await EndedAsync(new JsonObject { ["v"] = JsonNode.Parse(value) });
        await FinishAsync(await HeldAsync());

        var byValue = new StatisticsQuery { GroupBy = [StatisticsGrouping.ByMetadata("v")], Metrics = [new("sum", MetricSource.Metadata, MetricAggregation.Sum, "v")] };
        await ShouldBeAsync(byValue, """{"v":null} 3""", """{"v":1} 2""", """{"v":"1"} 1""", """{"v":true} 1""");
        (await Plane.Statistics.ComputeAsync(byValue)).Groups.Select(group => group.Metrics[0].Value).ShouldBe([null, 2, null, null]);
        await ShouldBeAsync(new StatisticsQuery { Metadata = new JsonObject { ["v"] = 1 } }, "{} 2");
        await ShouldBeAsync(new StatisticsQuery { Metadata = new JsonObject { ["v"] = "1" } }, "{} 1");
        await ShouldBeAsync(new StatisticsQuery { Metadata = new JsonObject { ["v"] = true } }, "{} 1");
        await ShouldBeAsync(new StatisticsQuery { Metadata = new JsonObject { ["v"] = null } }, "{} 3");
    }

    [Fact]
    public async Task Compute_HugeNumbersInMetadata_NeverFail()
    {
        foreach (var value in new[] { "9223372036854775807", "9223372036854775807", "123456789012345678901234567890" })
            await EndedAsync(new JsonObject { ["n"] = JsonNode.Parse(value) });
        await EndedAsync(new JsonObject { ["huge"] = JsonNode.Parse("1e999") });

        var group = (await Plane.Statistics.ComputeAsync(new StatisticsQuery
        {
            Metrics = [new("n", MetricSource.Metadata, MetricAggregation.Sum, "n"), new("huge", MetricSource.Metadata, MetricAggregation.Avg, "huge")],
        })).Groups.ShouldHaveSingleItem();

        group.Metrics[0].Value!.Value.ShouldBe(123456789012345678901234567890d, 1e20);
        group.Metrics[1].Value.ShouldBeNull();
        (await Plane.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [StatisticsGrouping.ByMetadata("huge")] })).Groups.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Compute_Steps_OfLiveAndEndedAndReopenedExecutionsAreTheirPresentOnes()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a") with { Artifacts = [new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("1"), [])] });
        var query = new StatisticsQuery
        {
            Metrics =
            [
                new("steps", MetricSource.StepCount, MetricAggregation.Sum), new("reused", MetricSource.CachedStepCount, MetricAggregation.Sum),
                new("outputs", MetricSource.OutputArtifactCount, MetricAggregation.Sum), new("time", MetricSource.Duration, MetricAggregation.Sum),
            ],
        };
        await ShouldMeasureAsync(query, 1, 0, 2, null);
        Time.Advance(TimeSpan.FromSeconds(2));
        await FinishAsync(lease, ExecutionStatus.Failed);
        await ShouldMeasureAsync(query, 1, 0, 2, 2);
        await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, "me");
        await ShouldMeasureAsync(query, 1, 0, 2, null);
        lease = (await ClaimAsync(lease.ExecutionId)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(2, "b"));
        Time.Advance(TimeSpan.FromSeconds(2));
        await FinishAsync(lease);
        await ShouldMeasureAsync(query, 2, 0, 3, 4);
        await Plane.Replays.CreateAsync(new ReplayRequest { Source = lease.ExecutionId, From = "b" }, New(), "me");
        await ShouldMeasureAsync(query, 3, 1, 5, 4);
    }

    [Fact]
    public async Task Compute_AfterADeletion_CountsItNoMore()
    {
        var gone = await HeldAsync();
        await FinishAsync(gone);
        await FinishAsync(await HeldAsync());
        Time.Advance(TimeSpan.FromDays(1));
        await Plane.Retention.DeleteAsync(gone.ExecutionId);

        await ShouldBeAsync(new StatisticsQuery { GroupBy = [Status] }, """{"status":"completed"} 1""");
        await ShouldBeAsync(new StatisticsQuery { GroupBy = [Status], Metrics = [Mean] }, """{"status":"completed"} 1""");
    }

    [Fact]
    public async Task Compute_TimeRange_IsFromInclusiveToExclusive()
    {
        var start = Time.Now;
        for (var i = 0; i < 3; i++)
        {
            await FinishAsync(await HeldAsync());
            Time.Advance(TimeSpan.FromHours(20));
        }

        await ShouldBeAsync(new StatisticsQuery { Since = start.AddHours(20) }, "{} 2");
        await ShouldBeAsync(new StatisticsQuery { Until = start.AddHours(20) }, "{} 1");
        await ShouldBeAsync(new StatisticsQuery { Since = start.AddHours(20), Until = start.AddHours(40) }, "{} 1");
        await ShouldBeAsync(new StatisticsQuery { Since = start.AddHours(1), Until = start.AddHours(2) }, "{} 0");
    }

    [Fact]
    public async Task Compute_BrokenRule_IsAUsageError()
    {
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Statistics.ComputeAsync(new StatisticsQuery { MaxGroups = 0 }));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [Status, Status] }));
    }

    private async Task EndedAsync(JsonObject metadata) =>
        await Plane.Journal.FinishAsync(await HeldAsync(), new Outcome(ExecutionStatus.Completed, null, null, null, metadata));

    private async Task ShouldBeAsync(StatisticsQuery query, params string[] groups) =>
        (await Plane.Statistics.ComputeAsync(query)).Groups.Select(group => $"{KitaruJson.Write(group.Keys)} {group.ExecutionCount}").ShouldBe(groups);

    private async Task ShouldMeasureAsync(StatisticsQuery query, params double?[] numbers)
    {
        // From the narrow rows, and from the executions themselves.
        foreach (var asked in new[] { query, query with { Metadata = new JsonObject { ["none"] = null } } })
            (await Plane.Statistics.ComputeAsync(asked)).Groups.ShouldHaveSingleItem().Metrics.Select(metric => metric.Value).ShouldBe(numbers);
    }
}

public sealed class SqliteStatisticsTests() : StatisticsSuite(new SqliteUnderTest());
