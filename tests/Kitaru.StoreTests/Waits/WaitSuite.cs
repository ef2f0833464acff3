using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Waits;

public abstract class WaitSuite : StoreSuite
{
    private protected WaitSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task OpenWait_MakesTheExecutionWait_ThoughItIsStillHeld()
    {
        var lease = await HeldAsync();

        var wait = await Plane.Journal.OpenWaitAsync(lease, new NewWait("approve", "Pay?", new() { ["type"] = "boolean" }, new() { ["invoice"] = 881 }, Time.Now));

        var record = await FindAsync(lease.ExecutionId);
        record.Status.ShouldBe(ExecutionStatus.Waiting);
        record.Owner.ShouldBe(Worker);
        var pending = record.PendingWaits.ShouldHaveSingleItem();
        pending.Id.ShouldBe(wait.Id);
        (pending.Name, pending.Question, pending.Status, pending.EnteredAt).ShouldBe(("approve", "Pay?", WaitStatus.Pending, Time.Now));
        pending.Schema!["type"]!.ToString().ShouldBe("boolean");
        pending.Metadata["invoice"]!.GetValue<int>().ShouldBe(881);
        (await Plane.Waits.ListPendingAsync(lease.ExecutionId)).ShouldHaveSingleItem().Id.ShouldBe(wait.Id);
    }

    [Fact]
    public async Task OpenWait_Again_GivesTheSameWaitAsItStands()
    {
        var lease = await HeldAsync();
        var first = await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "me");

        var second = await OpenWaitAsync(lease, "w");

        second.Id.ShouldBe(first.Id);
        second.Status.ShouldBe(WaitStatus.Answered);
        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Running);
    }

    [Fact]
    public async Task Answer_WhileHeld_SignalsTheWorkerUntilTheFlowHasSeenIt()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");

        var answered = await Plane.Waits.AnswerAsync(lease.ExecutionId, " w ", "yes", "ann");

        (answered.Status, answered.ResolvedBy, answered.ResolvedAt).ShouldBe((WaitStatus.Answered, "ann", Time.Now));
        TextOf(answered.Answer).ShouldBe("\"yes\"");
        var record = await FindAsync(lease.ExecutionId);
        (record.Status, record.RunnableAt).ShouldBe((ExecutionStatus.Running, null));
        (await Plane.Workers.ReadSignalsAsync([lease])).ShouldHaveSingleItem().Resolved.ShouldHaveSingleItem().Id.ShouldBe(answered.Id);
        await Plane.Journal.AppendAsync(lease, Entry(1, "w") with { Kind = JournalKind.Wait });
        (await Plane.Workers.ReadSignalsAsync([lease])).ShouldBeEmpty();
    }

    [Fact]
    public async Task Signals_ComeInTheOrderOfTheAnswers()
    {
        var lease = await HeldAsync();
        foreach (var name in (string[])["a", "b", "c"])
            await OpenWaitAsync(lease, name);
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "c", 1, "me");
        await Plane.Waits.AbortAsync(lease.ExecutionId, "a", "me");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "b", 1, "me");

        var signal = (await Plane.Workers.ReadSignalsAsync([lease])).ShouldHaveSingleItem();

        signal.Resolved.Select(wait => wait.Name).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public async Task Answer_AfterRelease_MakesItRunnableAtOnce()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);
        (await FindAsync(lease.ExecutionId)).RunnableAt.ShouldBeNull();
        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();

        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", true, "me");

        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Queued);
        var claimed = (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldHaveSingleItem();
        claimed.Execution.Status.ShouldBe(ExecutionStatus.Running);
        claimed.Waits.ShouldHaveSingleItem().Status.ShouldBe(WaitStatus.Answered);
    }

    [Theory]
    [InlineData(ExecutionStatus.Waiting)]
    [InlineData(ExecutionStatus.Sleeping)]
    public async Task Answer_WhileTheWorkerIsLettingGo_IsFound(ExecutionStatus status)
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", true, "me");

        await ReleaseAsync(lease, status, status == ExecutionStatus.Sleeping ? Time.Now.AddDays(1) : null);

        var record = await FindAsync(lease.ExecutionId);
        (record.Status, record.RunnableAt).ShouldBe((ExecutionStatus.Queued, Time.Now));
        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_RacingWithRelease_IsNeverLost()
    {
        var other = await OpenAsync();
        for (var round = 0; round < 50; round++)
        {
            var lease = await HeldAsync();
            await OpenWaitAsync(lease, "w");

            await Task.WhenAll(
                Plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Waiting, null, null)),
                other.Waits.AnswerAsync(lease.ExecutionId, "w", round, "me"));

            (await Plane.Workers.ClaimOneAsync(Worker, Code, lease.ExecutionId)).ShouldNotBeNull($"round {round}");
        }
    }

    [Fact]
    public async Task Release_AfterTheFlowSawTheAnswer_WaitsOnlyForWhatIsLeft()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "first");
        await OpenWaitAsync(lease, "second");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "first", 1, "me");
        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Waiting);
        await Plane.Journal.AppendAsync(lease, Entry(1, "first") with { Kind = JournalKind.Wait });

        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        var record = await FindAsync(lease.ExecutionId);
        (record.Status, record.RunnableAt).ShouldBe((ExecutionStatus.Waiting, null));
    }

    [Fact]
    public async Task Answer_OneOfTwoAfterRelease_RunsOnAndStillWaits()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "first");
        await OpenWaitAsync(lease, "second");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        await Plane.Waits.AnswerAsync(lease.ExecutionId, "second", 1, "me");

        var claimed = (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldHaveSingleItem();
        claimed.Execution.Status.ShouldBe(ExecutionStatus.Waiting);
        claimed.Execution.PendingWaits.ShouldHaveSingleItem().Name.ShouldBe("first");
    }

    [Fact]
    public async Task Answer_TheSameAgain_IsAcceptedUnchanged_EvenAfterTheEnd()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        var first = await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", JsonNode.Parse("{\"a\":1,\"b\":2}"), "ann");
        Time.Advance(TimeSpan.FromMinutes(1));

        var second = await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", JsonNode.Parse("{\"b\":2,\"a\":1}"), "bob");
        await FinishAsync(lease);
        var third = await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", JsonNode.Parse("{\"a\":1,\"b\":2}"), "bob");

        foreach (var again in (WaitRecord[])[second, third])
            (again.ResolvedBy, again.ResolvedAt).ShouldBe((first.ResolvedBy, first.ResolvedAt));
    }

    [Fact]
    public async Task Answer_AnotherValue_IsRefusedWithWhoAndWhen()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "ann");

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 2, "bob"));

        error.Message.ShouldContain("ann");
        error.Message.ShouldContain("2026-06-16T08:30:00");
    }

    [Fact]
    public async Task Answer_ManyAtOnce_OneWinsAndTheOthersHearOfIt()
    {
        var other = await OpenAsync();
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");

        var answers = Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? Plane : other).Waits.AnswerAsync(lease.ExecutionId, "w", i, "p" + i)).ToList();
        await Task.WhenAll(answers.Select(async answer => await Record.ExceptionAsync(() => answer)));

        answers.Count(answer => answer.IsCompletedSuccessfully).ShouldBe(1);
        answers.Where(answer => answer.IsFaulted).ShouldAllBe(answer => answer.Exception!.InnerException is KitaruStateException);
    }

    [Fact]
    public async Task Answer_JsonNull_IsAnAnswer()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");

        var answered = await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", null, "me");

        answered.Status.ShouldBe(WaitStatus.Answered);
        TextOf(answered.Answer).ShouldBe("null");
    }

    [Fact]
    public async Task Answer_ThatDoesNotFit_SaysWhatWould_AndTheWaitStaysPending()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve", "{\"type\":\"boolean\"}");

        var error = await Should.ThrowAsync<KitaruWaitValidationException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", "yes", "me"));

        error.Message.ShouldContain("'approve'");
        error.Message.ShouldContain("{\"type\":\"boolean\"}");
        error.Message.ShouldContain("\"yes\"");
        error.NextStep!.ShouldContain("true");
        (await Plane.Waits.ListPendingAsync(lease.ExecutionId)).Count.ShouldBe(1);
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "me");
    }

    [Fact]
    public async Task Answer_ById_Works_AndTheNameComesFirst()
    {
        var lease = await HeldAsync();
        var first = await OpenWaitAsync(lease, "first");
        var named = await OpenWaitAsync(lease, first.Id.ToString());

        (await Plane.Waits.AnswerAsync(lease.ExecutionId, first.Id.ToString(), 1, "me")).Id.ShouldBe(named.Id);
        var second = await OpenWaitAsync(lease, "second");
        (await Plane.Waits.AnswerAsync(lease.ExecutionId, second.Id.ToString().ToUpperInvariant(), 1, "me")).Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Answer_UnknownName_ListsThePendingOnes()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve_draft");
        await OpenWaitAsync(lease, "other");

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "aprove_draft", 1, "me"));

        error.Message.ShouldContain("'approve_draft', 'other'");
        error.Message.ShouldContain("Did you mean 'approve_draft'?");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Answer_BlankName_IsAUsageError(string name)
    {
        var lease = await HeldAsync();

        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, name, 1, "me"));
    }

    [Fact]
    public async Task Answer_NothingPending_SaysHowTheExecutionStands()
    {
        var lease = await HeldAsync();

        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "me"))).Message.ShouldContain("running");
        await FinishAsync(lease);
        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "me"));
        error.Message.ShouldContain("completed");
        error.NextStep.ShouldNotBeNull();
    }

    [Fact]
    public async Task Answer_UnknownExecution_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Waits.AnswerAsync(new ExecutionId(NewId()), "w", 1, "me"));

    [Fact]
    public async Task Finish_WithAWaitOpen_ClosesIt()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await FinishAsync(lease);

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "me"));

        error.Message.ShouldContain("completed");
        await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AbortAsync(lease.ExecutionId, "w", "me"));
    }

    [Fact]
    public async Task Abort_LetsItGoOn_AndTwiceIsUnchanged_AndAnAnswerComesTooLate()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        var first = await Plane.Waits.AbortAsync(lease.ExecutionId, "w", "ann");
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await Plane.Waits.AbortAsync(lease.ExecutionId, "w", "bob");

        first.Status.ShouldBe(WaitStatus.Aborted);
        (second.ResolvedBy, second.ResolvedAt).ShouldBe(("ann", first.ResolvedAt));
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "bob"))).Message.ShouldContain("ann");
        (await ClaimAsync(lease.ExecutionId)).Waits.ShouldHaveSingleItem().Status.ShouldBe(WaitStatus.Aborted);
    }

    [Fact]
    public async Task Abort_AnsweredAlready_IsRefused()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "ann");

        await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AbortAsync(lease.ExecutionId, "w", "bob"));
    }

    [Fact]
    public async Task Release_WaitingWithNothingToWaitFor_RunsAgainInsteadOfHanging()
    {
        var lease = await HeldAsync();

        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Queued);
        await ClaimAsync(lease.ExecutionId);
    }

    [Fact]
    public async Task Release_AnswerTheFlowDoesNotWaitFor_DoesNotWakeIt()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "phantom");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "phantom", true, "me");

        await Plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Sleeping, null, Time.Now.AddHours(1)) { Waits = [] });

        var record = await FindAsync(lease.ExecutionId);
        (record.Status, record.RunnableAt).ShouldBe((ExecutionStatus.Sleeping, Time.Now.AddHours(1)));
    }

    [Fact]
    public async Task Release_WaitingUntilATime_WakesByEither()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        await ReleaseAsync(lease, ExecutionStatus.Waiting, Time.Now.AddMinutes(1));
        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Waiting);
        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Waiting);
    }
}

public sealed class SqliteWaitTests() : WaitSuite(new SqliteUnderTest());
