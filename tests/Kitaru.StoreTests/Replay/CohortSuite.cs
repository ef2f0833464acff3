using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Replay;

/// <summary>Executions that can be replayed together (runtime.md 6.4).</summary>
public abstract class CohortSuite : StoreSuite
{
    private protected CohortSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Cohort_EachExecution_MatchesOrCountsUnderOneReason()
    {
        var early = await RunAsync(["lookup"]);
        var since = Time.Now;
        var fits = await RunAsync(["fetch", "lookup"]);
        var failed = await RunAsync(["lookup"], ExecutionStatus.Failed);
        await RunAsync(["fetch"]);
        await RunAsync(["lookup", "lookup_2"]);
        await CreateAsync();
        var replay = await Plane.Replays.CreateAsync(new ReplayRequest { Source = fits, From = "lookup" }, New(), "me");
        var lease = (await ClaimAsync(replay.Id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(10, "lookup"));
        await FinishAsync(lease);
        await RunAsync(["lookup"], flow: "another");

        var cohort = await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup", Since = since });

        cohort.Members.Select(member => member.Id).ShouldBe([fits]);
        cohort.Filtered.ShouldBe(new CohortFiltered(Status: 2, Originals: 1, Deployment: 0, Window: 1, Checkpoint: 1, AmbiguousCheckpoint: 1));
        (cohort.Scanned, cohort.Matched, cohort.IsPartial).ShouldBe((7, 1, false));
        var both = await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup", Until = since.AddTicks(-10), IncludeFailed = true });
        both.Members.Select(member => member.Id).ShouldBe([early]);
        (await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup", Since = since, IncludeFailed = true }))
            .Members.Select(member => member.Id).ShouldBe([failed, fits]);
    }

    [Fact]
    public async Task Cohort_Repeat_IsNamedByItsOrdinal()
    {
        var id = await RunAsync(["lookup", "lookup_2"]);
        await RunAsync(["lookup"]);
        (await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup_2" })).Members.Select(member => member.Id).ShouldBe([id]);
    }

    [Fact]
    public async Task Cohort_NameThatEndsInANumber_IsItsOwn()
    {
        var id = await RunAsync(["phase_2"]);
        (await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "phase_2" })).Members.Select(member => member.Id).ShouldBe([id]);
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "phase" }));
    }

    [Fact]
    public async Task Cohort_CallThatNeverEnded_CountsToo()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("lookup", "lookup", 1, Interrupted: true, Time.Now, Time.Now, null, null));
        await FinishAsync(lease, ExecutionStatus.Failed);
        (await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup", IncludeFailed = true })).Matched.ShouldBe(1);
    }

    [Theory]
    [InlineData("-display_cost_usd", "b c a d")]
    [InlineData("display_cost_usd", "a c b d")]
    [InlineData("-total_tokens", "c b a d")]
    [InlineData("duration", "a b c d")]
    [InlineData("-started_at", "d c b a")]
    public async Task Cohort_Order_PutsUnknownLastAndTiesNewestFirst(string order, string names)
    {
        var ids = new Dictionary<ExecutionId, string>
        {
            [await RunAsync(["lookup"], seconds: 1, summary: """{"display_cost_usd":0.1,"total_tokens":20}""")] = "a",
            [await RunAsync(["lookup"], seconds: 2, summary: """{"display_cost_usd":0.41,"total_tokens":50}""", asText: false)] = "b",
            [await RunAsync(["lookup"], seconds: 3, summary: """{"display_cost_usd":0.2,"total_tokens":50}""")] = "c",
            [await RunAsync(["lookup"], seconds: 4, summary: "no json, as a flow may write")] = "d",
        };

        var cohort = await Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup", Order = CohortOrder.Parse(order) });

        string.Join(' ', cohort.Members.Select(member => ids[member.Id])).ShouldBe(names);
        cohort.Query.Order.ToString().ShouldBe(order);
    }

    [Fact]
    public async Task Cohort_CapAndLimit_SayWhatTheyCut()
    {
        for (var i = 0; i < 5; i++)
            await RunAsync(["lookup"]);
        var query = new CohortQuery { Flow = "greet", At = "lookup" };

        var capped = await Plane.Replays.FindCohortAsync(query with { ScanMax = 3 });
        (capped.Scanned, capped.Matched, capped.IsPartial).ShouldBe((3, 3, true));
        var limited = await Plane.Replays.FindCohortAsync(query with { ScanMax = 3, Limit = 2 });
        (limited.Members.Count, limited.Matched, limited.IsPartial).ShouldBe((2, 3, false));
        (await Plane.Replays.FindCohortAsync(query with { ScanMax = 5 })).IsPartial.ShouldBeFalse();
    }

    [Fact]
    public async Task Cohort_NoMatch_IsAnErrorWithTheCounts()
    {
        await RunAsync(["lookup", "lookup_2"]);
        await CreateAsync();
        var error = await Should.ThrowAsync<KitaruUsageException>(() => Plane.Replays.FindCohortAsync(new CohortQuery { Flow = "greet", At = "lookup" }));
        error.Message.ShouldContain("1 not completed, 1 with several calls 'lookup'");
        error.NextStep!.ShouldContain("at=lookup_2");
        ((int)error.Details!["ambiguous_checkpoint"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Cohort_WrongArguments_SayWhatIsRight()
    {
        await RunAsync(["lookup"]);
        (await RefusedAsync(new CohortQuery { Flow = "gret", At = "lookup" })).Message.ShouldContain("Did you mean 'greet'?");
        (await RefusedAsync(new CohortQuery { Flow = "greet", At = " " })).Message.ShouldContain("needs");
        (await RefusedAsync(new CohortQuery { Flow = "greet", At = "lookup", Limit = 0 })).Message.ShouldContain("limit");
        (await RefusedAsync(new CohortQuery { Flow = "greet", At = "lookup", ScanMax = 10_001 })).Message.ShouldContain("max_scan");
        (await RefusedAsync(new CohortQuery { Flow = "greet", At = "lookup", Since = Time.Now, Until = Time.Now })).Message.ShouldContain("since");
        Should.Throw<KitaruUsageException>(() => CohortOrder.Parse("-durations")).Message.ShouldContain("Did you mean 'duration'?");
    }

    private Task<KitaruUsageException> RefusedAsync(CohortQuery query) => Should.ThrowAsync<KitaruUsageException>(() => Plane.Replays.FindCohortAsync(query));

    /// <summary>An execution with these calls; a name with an ordinal is a repeat when the plain name was called before.</summary>
    private async Task<ExecutionId> RunAsync(
        string[] calls, ExecutionStatus status = ExecutionStatus.Completed, string flow = "greet", int seconds = 1, string? summary = null, bool asText = true)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        var lease = await HeldAsync(flow);
        for (var i = 0; i < calls.Length; i++)
        {
            var name = calls[i].Split('_')[0];
            await Plane.Journal.AppendAsync(lease, Entry(i + 1, calls[i]) with { Name = calls.Contains(name) ? name : calls[i] });
        }
        Time.Advance(TimeSpan.FromSeconds(seconds));
        var metadata = summary is null ? null : new JsonObject { ["llm_usage_summary_v1"] = asText ? summary : JsonNode.Parse(summary) };
        await Plane.Journal.FinishAsync(lease, new Outcome(status, null, null, status == ExecutionStatus.Failed ? Boom : null, metadata));
        return lease.ExecutionId;
    }
}

public sealed class SqliteCohortTests() : CohortSuite(new SqliteUnderTest());
