using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.UnitTests.Statistics;

public class StatisticsParserTests
{
    [Theory]
    [InlineData("\"status\"", StatisticsDimension.Status, "status")]
    [InlineData("\"flow\"", StatisticsDimension.Flow, "flow_id")]
    [InlineData("\"stack\"", StatisticsDimension.Stack, "stack_id")]
    [InlineData("\"tag\"", StatisticsDimension.Tag, "tag")]
    [InlineData("\"time:hour\"", StatisticsDimension.Time, "hour")]
    [InlineData("\"time:DAY\"", StatisticsDimension.Time, "day")]
    [InlineData("\"time:Week\"", StatisticsDimension.Time, "week")]
    [InlineData("\"time:month\"", StatisticsDimension.Time, "month")]
    [InlineData("\"metadata:customer_tier\"", StatisticsDimension.Metadata, "customer_tier")]
    [InlineData("\"metadata:a:b\"", StatisticsDimension.Metadata, "a:b")]
    [InlineData("""{"dimension":"status","name":"state"}""", StatisticsDimension.Status, "state")]
    [InlineData("""{"dimension":"time","time_granularity":"Day"}""", StatisticsDimension.Time, "day")]
    [InlineData("""{"dimension":"metadata","metadata_key":"tier","name":null}""", StatisticsDimension.Metadata, "tier")]
    public void GroupBy_TokenOrObject_IsUnderstood(string json, StatisticsDimension dimension, string name)
    {
        var grouping = Parse($$"""{"group_by":[{{json}}]}""").GroupBy.ShouldHaveSingleItem();
        grouping.Dimension.ShouldBe(dimension);
        grouping.Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("\"statu\"", "There is no grouping 'statu'. Did you mean 'status'? Expected: status, flow, stack, tag, time:hour")]
    [InlineData("\"Status\"", "There is no grouping 'Status'. Did you mean 'status'?")]
    [InlineData("\" status\"", "There is no grouping ' status'. Did you mean 'status'?")]
    [InlineData("\"time:dya\"", "There is no time granularity 'dya'. Did you mean 'day'?")]
    [InlineData("\"time:\"", "There is no time granularity ''.")]
    [InlineData("\"time\"", "A time grouping needs a granularity: hour, day, week, month.")]
    [InlineData("\"metadata\"", "A metadata grouping needs a key")]
    [InlineData("\"metadata:\"", "'' is no metadata key")]
    [InlineData("\"metadata: \"", "' ' is no metadata key")]
    [InlineData("\"\"", "A grouping must not be blank.")]
    [InlineData("\"  \"", "A grouping must not be blank.")]
    [InlineData("7", "A grouping is a text or an object; 7 is neither.")]
    [InlineData("null", "A grouping is a text or an object; null is neither.")]
    [InlineData("[]", "A grouping is a text or an object; [] is neither.")]
    [InlineData("{}", "A grouping needs the member dimension")]
    [InlineData("""{"dimension":"colour"}""", "There is no dimension 'colour'.")]
    [InlineData("""{"dimension":1}""", "dimension must be a text; it is 1.")]
    [InlineData("""{"dimension":"flow","dimesion":"flow"}""", "There is no member of a grouping 'dimesion'. Did you mean 'dimension'?")]
    [InlineData("""{"dimension":"flow","name":" "}""", "' ' is no name of a grouping")]
    [InlineData("""{"dimension":"flow","time_granularity":"day"}""", "time_granularity belongs to the dimension time only, not to flow.")]
    [InlineData("""{"dimension":"time"}""", "A time grouping needs a granularity")]
    [InlineData("""{"dimension":"time","time_granularity":"day","metadata_key":"x"}""", "metadata_key belongs to the dimension metadata only, not to time.")]
    [InlineData("""{"dimension":"metadata"}""", "A metadata grouping needs a key")]
    [InlineData("\"status\",\"status\"", "Two groupings have the name 'status'")]
    [InlineData("\"status\",\"metadata:status\"", "Two groupings have the name 'status'")]
    [InlineData("\"time:day\",\"time:hour\"", "group_by may name one time grouping only.")]
    public void GroupBy_Wrong_SaysWhatAndWhatInstead(string items, string sentence) => ShouldFail($$"""{"group_by":[{{items}}]}""", "group_by", sentence);

    [Fact]
    public void GroupBy_MoreThanEight_IsRefused() => ShouldFail(
        $$"""{"group_by":[{{string.Join(",", Enumerable.Range(0, 9).Select(i => $"\"metadata:k{i}\""))}}]}""", "group_by", "group_by may name at most 8 groupings; it names 9.");

    [Theory]
    [InlineData("\"mean:duration:avg\"", MetricSource.Duration, MetricAggregation.Avg, "mean", null)]
    [InlineData("\" mean : duration : AVG \"", MetricSource.Duration, MetricAggregation.Avg, "mean", null)]
    [InlineData("\"n:step_count:sum\"", MetricSource.StepCount, MetricAggregation.Sum, "n", null)]
    [InlineData("\"n:cached_step_count:min\"", MetricSource.CachedStepCount, MetricAggregation.Min, "n", null)]
    [InlineData("\"n:output_artifact_count:Max\"", MetricSource.OutputArtifactCount, MetricAggregation.Max, "n", null)]
    [InlineData("\"n:duration:p50\"", MetricSource.Duration, MetricAggregation.P50, "n", null)]
    [InlineData("\"n:duration:P95\"", MetricSource.Duration, MetricAggregation.P95, "n", null)]
    [InlineData("\"n:metadata:score:avg\"", MetricSource.Metadata, MetricAggregation.Avg, "n", "score")]
    [InlineData("\"llm_display_cost\"", MetricSource.Metadata, MetricAggregation.Sum, "llm_display_cost", "kitaru_llm_display_cost_usd_v1")]
    [InlineData("\"llm_estimated_cost\"", MetricSource.Metadata, MetricAggregation.Sum, "llm_estimated_cost", "kitaru_llm_estimated_cost_usd_v1")]
    [InlineData("\"llm_total_tokens\"", MetricSource.Metadata, MetricAggregation.Sum, "llm_total_tokens", "kitaru_llm_total_tokens_v1")]
    [InlineData("\"llm_incurred_tokens\"", MetricSource.Metadata, MetricAggregation.Sum, "llm_incurred_tokens", "kitaru_llm_incurred_total_tokens_v1")]
    [InlineData("""{"name":"n","source":"metadata","aggregation":"Sum","metadata_key":"a:b"}""", MetricSource.Metadata, MetricAggregation.Sum, "n", "a:b")]
    [InlineData("""{"name":"n:m","source":"duration","aggregation":"max","metadata_key":null}""", MetricSource.Duration, MetricAggregation.Max, "n:m", null)]
    public void Metrics_TextShortcutOrObject_IsUnderstood(string json, MetricSource source, MetricAggregation aggregation, string name, string? key) =>
        Parse($$"""{"metrics":[{{json}}]}""").Metrics.ShouldHaveSingleItem().ShouldBe(new StatisticsMetric(name, source, aggregation, key));

    [Theory]
    [InlineData("\"n:duratoin:avg\"", "There is no source 'duratoin'. Did you mean 'duration'?")]
    [InlineData("\"n:Duration:avg\"", "There is no source 'Duration'. Did you mean 'duration'?")]
    [InlineData("\"n:duration:mean\"", "There is no aggregation 'mean'.")]
    [InlineData("\"n:duration:p59\"", "There is no aggregation 'p59'. Did you mean 'p50'?")]
    [InlineData("\"duration\"", "There is no metric 'duration'.")]
    [InlineData("\"llm_total_token\"", "There is no metric 'llm_total_token'. Did you mean 'llm_total_tokens'?")]
    [InlineData("\"\"", "A metric must not be blank.")]
    [InlineData("\"n:duration\"", "'n:duration' is no metric")]
    [InlineData("\"n:duration:x:avg\"", "'n:duration:x:avg' is no metric")]
    [InlineData("\"n:metadata:avg\"", "The metric 'n:metadata:avg' over metadata needs a key")]
    [InlineData("\"n:metadata\"", "'n:metadata' is no metric")]
    [InlineData("\"n:metadata::avg\"", "'' is no metadata key")]
    [InlineData("\"n:metadata:a:b:avg\"", "The metric 'n:metadata:a:b:avg' has too many colons. A metadata key with a colon needs the object form")]
    [InlineData("\":duration:avg\"", "'' is no name of a metric")]
    [InlineData("7", "A metric is a text or an object; 7 is neither.")]
    [InlineData("""{"source":"duration","aggregation":"avg"}""", "A metric needs the member name.")]
    [InlineData("""{"name":"n","aggregation":"avg"}""", "A metric needs the member source.")]
    [InlineData("""{"name":"n","source":"duration"}""", "A metric needs the member aggregation.")]
    [InlineData("""{"name":"n","source":"metadata","aggregation":"avg"}""", "The metric 'n' over metadata needs a key")]
    [InlineData("""{"name":"n","source":"duration","aggregation":"avg","metadata_key":"x"}""", "metadata_key belongs to the source metadata only; the metric 'n' has the source duration.")]
    [InlineData("""{"name":"n","source":"duration","agregation":"avg"}""", "There is no member of a metric 'agregation'. Did you mean 'aggregation'?")]
    [InlineData("""{"name":5,"source":"duration","aggregation":"avg"}""", "name must be a text; it is 5.")]
    [InlineData("\"n:duration:avg\",\"n:step_count:avg\"", "Two metrics have the name 'n'")]
    public void Metrics_Wrong_SaysWhatAndWhatInstead(string items, string sentence) =>
        ShouldFail($$"""{"metrics":[{{items}}]}""", "metrics", sentence);

    [Fact]
    public void Metrics_MoreThan32_AreRefused() => ShouldFail(
        $$"""{"metrics":[{{string.Join(",", Enumerable.Range(0, 33).Select(i => $"\"m{i}:duration:avg\""))}}]}""", "metrics", "metrics may name at most 32 metrics; it names 33.");

    [Fact]
    public void Parse_Filters_AreRead()
    {
        var query = Parse(
            """
            {"flow":" greet ","status":" Failed ","stack":"default","tags":["x","y"],"max_groups":20.0,"since":"2026-06-16T08:30:00","until":"2026-06-17T00:00:00+02:00",
             "metadata":{"tier":"gold","n":1,"ok":true,"none":null}}
            """);
        query.Flow.ShouldBe("greet");
        query.Status.ShouldBe(ExecutionStatus.Failed);
        query.Tags.ShouldBe(["x", "y"]);
        query.MaxGroups.ShouldBe(20);
        query.Since.ShouldBe(new DateTimeOffset(2026, 6, 16, 8, 30, 0, TimeSpan.Zero));
        query.Until.ShouldBe(new DateTimeOffset(2026, 6, 16, 22, 0, 0, TimeSpan.Zero));
        query.Metadata.Count.ShouldBe(4);
        Parse("{}").MaxGroups.ShouldBe(1000);
        Parse("""{"group_by":null,"status":null,"max_groups":null}""").GroupBy.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"status":"faild"}""", "status", "There is no status 'faild'. Did you mean 'failed'?")]
    [InlineData("""{"status":"queued"}""", "status", "There is no status 'queued'.")]
    [InlineData("""{"status":1}""", "status", "Argument 'status': expected a text, got 1.")]
    [InlineData("""{"group_by":"status"}""", "group_by", "Argument 'group_by': expected a list, got \"status\".")]
    [InlineData("""{"metrics":"a:duration:avg"}""", "metrics", "Argument 'metrics': expected a list")]
    [InlineData("""{"tags":"nightly"}""", "tags", "Argument 'tags': expected a list, got \"nightly\".")]
    [InlineData("""{"tags":[" "]}""", "tags", "tags must be a list of at most 20 tags, none of them blank.")]
    [InlineData("""{"tags":[1]}""", "tags", "A tag is a text; 1 is not.")]
    [InlineData("""{"max_groups":0}""", "max_groups", "max_groups must be between 1 and 10000; it is 0.")]
    [InlineData("""{"max_groups":10001}""", "max_groups", "max_groups must be between 1 and 10000; it is 10001.")]
    [InlineData("""{"max_groups":true}""", "max_groups", "max_groups must be an integer between 1 and 10000; it is true.")]
    [InlineData("""{"max_groups":"5"}""", "max_groups", "max_groups must be an integer")]
    [InlineData("""{"max_groups":1.5}""", "max_groups", "max_groups must be an integer")]
    [InlineData("""{"max_groups":1e999}""", "max_groups", "max_groups must be an integer")]
    [InlineData("""{"since":"yesterday"}""", "since", "Argument 'since': expected a time in ISO-8601, got 'yesterday'.")]
    [InlineData("""{"flow":" "}""", "flow", "flow must not be blank.")]
    [InlineData("""{"stack":""}""", "stack", "stack must not be blank.")]
    [InlineData("""{"metadata":["tier"]}""", "metadata", "Argument 'metadata': expected an object")]
    [InlineData("""{"metadata":{"tier":["gold"]}}""", "metadata", "metadata.tier must be a text, a number, a boolean or null; it is [\"gold\"].")]
    [InlineData("""{"metadata":{" ":1}}""", "metadata", "' ' is no metadata key")]
    [InlineData("""{"groupby":["status"]}""", "groupby", "There is no argument 'groupby'. Did you mean 'group_by'?")]
    public void Parse_WrongFilter_SaysWhatAndWhatInstead(string arguments, string argument, string sentence) => ShouldFail(arguments, argument, sentence);

    private static StatisticsQuery Parse(string json) => StatisticsParser.Parse((JsonObject)JsonNode.Parse(json)!);

    private static void ShouldFail(string json, string argument, string sentence)
    {
        var fault = Should.Throw<KitaruUsageException>(() => Parse(json));
        fault.Message.ShouldStartWith(sentence);
        fault.NextStep.ShouldNotBeNull().ShouldStartWith("Call again with ");
        fault.Details!["argument"]!.ToString().ShouldBe(argument);
        fault.Details["expected"].ShouldNotBeNull();
        fault.Details["example"].ShouldNotBeNull();
    }
}
