using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Replay;

/// <summary>What a replay plans and takes over (runtime.md 6.1).</summary>
public abstract class ReplaySuite : StoreSuite
{
    private protected ReplaySuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Plan_SaysForEachCallWhatHappensAndWhy()
    {
        var source = await SourceAsync();

        var plan = await Plane.Replays.PlanAsync(Request(source, "draft"));

        plan.Steps.Select(step => (step.Key, step.Action)).ShouldBe(
            [("fetch", ReplayAction.Reused), ("side", ReplayAction.Reused), ("draft", ReplayAction.Run), ("polish", ReplayAction.Run)]);
        plan.Steps.Select(step => step.Reason).ShouldBe(
            ["it follows on nothing that runs again", "it follows on nothing that runs again", "the replay starts here", "it follows on 'draft'"]);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Create_TakesOverRecordsArtifactsAndPlan_SourceUnchanged()
    {
        var source = await SourceAsync();
        var before = await Plane.Executions.GetAsync(source);

        var replay = await CreateAsync(Request(source, "draft"));

        replay.OriginalId.ShouldBe(source);
        replay.Status.ShouldBe(ExecutionStatus.Queued);
        var detail = await Plane.Executions.GetAsync(replay.Id);
        detail.Calls.Select(call => call.Name).ShouldBe(["fetch", "side"]);
        detail.Calls.Select(call => call.OriginalCallId).ShouldBe(before.Calls.Take(2).Select(call => (CallId?)call.Id));
        detail.Calls.Select(call => call.Id).ShouldNotContain(before.Calls[0].Id);
        detail.Artifacts.ShouldContain(artifact => artifact.Name == "notes" && artifact.ExecutionId == replay.Id);
        detail.Replay!.From.ShouldBe("draft");
        detail.Replay.By.ShouldBe("me");
        var claim = await ClaimAsync(replay.Id);
        claim.Replay!.Steps.Count.ShouldBe(4);
        claim.Execution.Seed.ShouldBe(before.Execution.Seed);
        var after = await Plane.Executions.GetAsync(source);
        after.Execution.ShouldBeEquivalentTo(before.Execution);
        after.Calls.Count.ShouldBe(before.Calls.Count);
    }

    [Fact]
    public async Task Create_Override_IsWhatTheFlowWillSee()
    {
        var source = await SourceAsync();

        var replay = await CreateAsync(Request(source, "polish", ("fetch", "\"other\"")));

        var claim = await ClaimAsync(replay.Id);
        TextOf(claim.Journal.Single(entry => entry.Key == "fetch").Value).ShouldBe("\"other\"");
        claim.Journal.Single(entry => entry.Key == "fetch").Fingerprint.ShouldBeNull("its arguments say nothing of a given value");
        claim.Replay!.Steps.Single(step => step.Key == "fetch").Action.ShouldBe(ReplayAction.Overridden);
        claim.Replay.Steps.Single(step => step.Key == "draft").Action.ShouldBe(ReplayAction.Run);
        claim.Replay.Matched["checkpoint.fetch"].ShouldBe(["fetch"]);
    }

    [Fact]
    public async Task Create_LargeOverride_GoesToTheArtifactStore()
    {
        var source = await SourceAsync();
        var large = $"\"{new string('x', StoredValue.InlineBytesMax + 1)}\"";

        var replay = await CreateAsync(Request(source, "polish", ("fetch", large)));

        var value = (await ClaimAsync(replay.Id)).Journal.Single(entry => entry.Key == "fetch").Value!;
        value.Inline.ShouldBeNull();
        (await Plane.Artifacts.ReadAllAsync(value)).Length.ShouldBe(large.Length);
    }

    [Fact]
    public async Task Create_AnsweredWaitBeforeTheStart_KeepsItsAnswer()
    {
        var source = await ApprovedAsync();

        var replay = await CreateAsync(Request(source, "publish"));

        var wait = (await Plane.Executions.GetAsync(replay.Id)).Waits.ShouldHaveSingleItem();
        (wait.Status, TextOf(wait.Answer), wait.ResolvedBy).ShouldBe((WaitStatus.Answered, "true", "me"));
        (await ClaimAsync(replay.Id)).Journal.ShouldHaveSingleItem().Kind.ShouldBe(JournalKind.Wait);
    }

    [Fact]
    public async Task Create_OutcomeInPlaceOfOneTakenOver_ReplacesIt()
    {
        var source = await SourceAsync();
        var claim = await ClaimAsync((await CreateAsync(Request(source, "draft"))).Id);

        await Plane.Journal.AppendAsync(claim.Lease, Entry(10, "side", "2") with { ReplacesReused = true });

        var call = (await Plane.Executions.GetAsync(claim.Execution.Id)).Calls.Single(call => call.Name == "side");
        call.OriginalCallId.ShouldBeNull();
    }

    [Fact]
    public async Task Create_OutcomeInPlaceOfOneTakenOver_ReplacesWhatWasSavedInIt()
    {
        var source = await SourceAsync();
        var claim = await ClaimAsync((await CreateAsync(Request(source, "draft"))).Id);
        var saved = new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("[2]"), []);

        await Plane.Journal.AppendAsync(claim.Lease, Entry(10, "fetch", "2") with { ReplacesReused = true, Artifacts = [saved] });

        (await Plane.Executions.GetAsync(claim.Execution.Id)).Artifacts.Where(artifact => artifact.Name == "notes").ShouldHaveSingleItem().Id.ShouldBe(saved.Id);
    }

    [Fact]
    public async Task Create_AttemptsInPlaceOfOneTakenOver_AreSeenByTheNextOwner()
    {
        var source = await SourceAsync();
        var claim = await ClaimAsync((await CreateAsync(Request(source, "draft"))).Id);
        await Plane.Journal.AppendAttemptAsync(claim.Lease, new AttemptRecord("side", "side", 1, false, Time.Now, Time.Now, Boom, null));
        await Plane.Journal.AnnounceAsync(claim.Lease, [new RunningCall("side", "side", null, 2, Time.Now)]);
        await ReleaseAsync(claim.Lease, ExecutionStatus.Queued);

        var attempts = (await ClaimAsync(claim.Execution.Id)).Attempts;

        attempts.Select(attempt => (attempt.Attempt, attempt.Interrupted)).ShouldBe([(1, false), (2, true)]);
    }

    [Fact]
    public async Task OpenWait_InPlaceOfAnAnswerTakenOver_AsksAgain()
    {
        var source = await ApprovedAsync();
        var claim = await ClaimAsync((await CreateAsync(Request(source, "publish"))).Id);

        var asked = await Plane.Journal.OpenWaitAsync(claim.Lease, new NewWait("approve", "Really?", null, null, Time.Now) { ReplacesReused = true });

        (asked.Status, asked.Question).ShouldBe((WaitStatus.Pending, "Really?"));
        await ReleaseAsync(claim.Lease, ExecutionStatus.Waiting);
        await Plane.Waits.AnswerAsync(claim.Execution.Id, "approve", false, "me");
        var again = await ClaimAsync(claim.Execution.Id);
        again.Journal.ShouldBeEmpty();
        TextOf(again.Waits.ShouldHaveSingleItem().Answer).ShouldBe("false");
    }

    [Fact]
    public async Task Plan_CallThatMadeTheSourceFail_RunsAgainUnlessSkipped()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "good"));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "bad"));
        await FinishAsync(lease, ExecutionStatus.Failed);

        var plan = await Plane.Replays.PlanAsync(Request(lease.ExecutionId, "good"));
        plan.Steps.Single(step => step.Key == "bad").ShouldSatisfyAllConditions(
            step => step.Action.ShouldBe(ReplayAction.Run), step => step.Reason.ShouldBe("its failure ended the execution"));

        var skipping = await Plane.Replays.PlanAsync(Request(lease.ExecutionId, "good") with { Skip = ["bad"] });
        skipping.Steps.Single(step => step.Key == "bad").Action.ShouldBe(ReplayAction.Reused);
    }

    [Fact]
    public async Task Create_KeyOfSomethingElse_IsRefused()
    {
        var source = await SourceAsync();
        await Plane.Executions.CreateAsync(New(key: "taken"));
        (await Should.ThrowAsync<KitaruStateException>(() => CreateAsync(Request(source, "draft"), key: "taken"))).Message.ShouldContain("'taken'");
        await CreateAsync(Request(source, "draft"), key: "mine");
        await Should.ThrowAsync<KitaruStateException>(() => CreateAsync(Request(source, "polish"), key: "mine"));
    }

    [Fact]
    public async Task Create_ReplayOfAReplay_KeepsTheRootAndItsClock()
    {
        var source = await SourceAsync();
        var first = await ClaimAsync((await CreateAsync(Request(source, "draft"))).Id);
        await Plane.Journal.AppendAsync(first.Lease, Entry(10, "draft") with { Parents = ["fetch"] });
        await FinishAsync(first.Lease);

        var second = await CreateAsync(Request(first.Execution.Id, "draft"));

        var plan = (await Plane.Replays.FindPlanAsync(second.Id)).ShouldNotBeNull();
        plan.Source.ShouldBe(first.Execution.Id);
        plan.Root.ShouldBe(source);
        plan.ClockStart.ShouldBe(first.Replay!.ClockStart);
        plan.IsStrict.ShouldBeFalse();
    }

    [Fact]
    public async Task Create_SameIdempotencyKey_GivesTheFirstBack()
    {
        var source = await SourceAsync();
        var first = await CreateAsync(Request(source, "draft"), key: "once");
        (await CreateAsync(Request(source, "draft"), key: "once")).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Plan_FailedAndCancelledAndWaitingSources_AreAllowed()
    {
        foreach (var status in new[] { ExecutionStatus.Failed, ExecutionStatus.Cancelled })
        {
            var lease = await HeldAsync();
            await Plane.Journal.AppendAsync(lease, Entry(1, "fetch"));
            await FinishAsync(lease, status);
            (await Plane.Replays.PlanAsync(Request(lease.ExecutionId, "fetch"))).Steps.Count.ShouldBe(1);
        }
        var waiting = await HeldAsync();
        await Plane.Journal.AppendAsync(waiting, Entry(1, "fetch"));
        await OpenWaitAsync(waiting, "approve");
        var plan = await Plane.Replays.PlanAsync(Request(waiting.ExecutionId, "fetch"));
        plan.Steps.Single(step => step.Key == "approve").ShouldSatisfyAllConditions(
            step => step.Action.ShouldBe(ReplayAction.Run), step => step.Seq.ShouldBeNull());
    }

    [Fact]
    public async Task Plan_RunningSource_IsRefusedNamingTheNextCall()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "fetch"));
        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Replays.PlanAsync(Request(lease.ExecutionId, "fetch")));
        error.Message.ShouldContain("running");
        error.NextStep!.ShouldContain("kitaru_executions_cancel");
    }

    [Fact]
    public async Task Plan_SourceWithoutCheckpoints_IsRefused()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease);
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Replays.PlanAsync(Request(lease.ExecutionId, "fetch")))).Message.ShouldContain("no checkpoints");
    }

    [Fact]
    public async Task Plan_UnknownStart_ListsTheNames()
    {
        var source = await SourceAsync();
        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Replays.PlanAsync(Request(source, "drafd")));
        error.Message.ShouldContain("fetch, side, draft, polish");
        error.Message.ShouldContain("Did you mean 'draft'?");
    }

    [Fact]
    public async Task Plan_CallId_IsASelectorToo()
    {
        var source = await SourceAsync();
        var id = (await Plane.Executions.GetAsync(source)).Calls[2].Id.ToString();
        (await Plane.Replays.PlanAsync(Request(source, id))).From.ShouldBe("draft");
    }

    [Fact]
    public async Task Plan_BlankStart_IsAUsageError() =>
        await Should.ThrowAsync<KitaruUsageException>(async () => await Plane.Replays.PlanAsync(Request(await SourceAsync(), "  ")));

    [Fact]
    public async Task Plan_OverrideOfTheLastCall_IsRefused()
    {
        var source = await SourceAsync();
        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Replays.PlanAsync(Request(source, "draft", ("polish", "1"))));
        error.Message.ShouldContain("Nothing follows");
    }

    [Fact]
    public async Task Plan_OverrideOfACallWithoutOutput_IsRefused()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "notify") with { Value = null });
        await Plane.Journal.AppendAsync(lease, Entry(2, "next") with { Parents = ["notify"] });
        await FinishAsync(lease);
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Replays.PlanAsync(Request(lease.ExecutionId, "next", ("notify", "1")))))
            .Message.ShouldContain("no output");
    }

    [Fact]
    public async Task Plan_SkippedCall_IsReusedAndWhatFollowsRuns()
    {
        var source = await SourceAsync();
        var plan = await Plane.Replays.PlanAsync(Request(source, "fetch") with { Skip = ["draft"] });
        plan.Steps.Single(step => step.Key == "draft").Action.ShouldBe(ReplayAction.Reused);
        plan.Steps.Single(step => step.Key == "polish").Action.ShouldBe(ReplayAction.Run);
    }

    [Fact]
    public async Task Plan_SkippedAndOverridden_IsAUsageError() => await Should.ThrowAsync<KitaruUsageException>(async () =>
        await Plane.Replays.PlanAsync(Request(await SourceAsync(), "polish", ("fetch", "1")) with { Skip = ["fetch"] }));

    [Fact]
    public async Task Plan_UnknownSource_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Replays.PlanAsync(Request(new ExecutionId(NewId()), "x")));

    [Theory]
    [InlineData("wait.approve", "asks again")]
    [InlineData("checkpoint.", "checkpoint.")]
    [InlineData("fetch", "checkpoint.")]
    public void Overrides_OtherKeys_AreUsageErrors(string key, string says) =>
        Should.Throw<KitaruUsageException>(() => ReplayOverrides.Parse(new JsonObject { [key] = 1 })).Message.ShouldContain(says);

    /// <summary>A wait that was answered, then publish on it.</summary>
    private async Task<ExecutionId> ApprovedAsync()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "me");
        await Plane.Journal.AppendAsync(lease, Entry(1, "approve", "true") with { Kind = JournalKind.Wait });
        await Plane.Journal.AppendAsync(lease, Entry(2, "publish") with { Parents = ["approve"] });
        await FinishAsync(lease);
        return lease.ExecutionId;
    }

    /// <summary>fetch, beside it side, then draft on fetch, then polish on draft; fetch saved an artifact.</summary>
    private async Task<ExecutionId> SourceAsync()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "fetch", "\"text\"") with
        {
            Artifacts = [new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("[1]"), [])],
        });
        await Plane.Journal.AppendAsync(lease, Entry(2, "side"));
        await Plane.Journal.AppendAsync(lease, Entry(3, "draft") with { Parents = ["fetch"] });
        await Plane.Journal.AppendAsync(lease, Entry(4, "polish") with { Parents = ["draft"] });
        await FinishAsync(lease);
        return lease.ExecutionId;
    }

    private Task<ExecutionRecord> CreateAsync(ReplayRequest request, string? key = null) => Plane.Replays.CreateAsync(request, New(key: key), "me");

    private static ReplayRequest Request(ExecutionId source, string from, params (string Selector, string Json)[] outputs) => new()
    {
        Source = source,
        From = from,
        Outputs = outputs.ToDictionary(output => output.Selector, output => JsonNode.Parse(output.Json)),
    };
}

public sealed class SqliteReplayTests() : ReplaySuite(new SqliteUnderTest());
