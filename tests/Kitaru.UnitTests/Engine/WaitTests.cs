namespace Kitaru.UnitTests.Engine;

public class WaitTests
{
    [Fact]
    public void Wait_AnsweredWhileTheWorkerStays_ContinuesInTheSameRun()
    {
        var bench = new EngineBench(async () => await Flow.WaitAsync<bool>("approve", "Go?") ? "yes" : "no").Go();
        bench.Store.WaitRecords.ShouldHaveSingleItem().Question.ShouldBe("Go?");
        bench.Store.Released.ShouldBeNull();

        bench.Store.Answer("approve", "true");
        bench.Run!.OnSignal(bench.Store.Signal());
        bench.RunUntilQuiet();

        bench.Result.ShouldBe("yes");
    }

    [Fact]
    public void Wait_ReportedTwice_IsRecordedOnce()
    {
        var bench = new EngineBench(async () => await Flow.WaitAsync<int>("number") + await Flow.WaitAsync<int>("other")).Go();
        bench.Store.Answer("number", "1");
        bench.Run!.OnSignal(bench.Store.Signal());
        bench.Run.OnSignal(bench.Store.Signal());
        bench.RunUntilQuiet();
        bench.Store.Entries.ShouldHaveSingleItem().Key.ShouldBe("number");
    }

    [Fact]
    public void Wait_TimeoutPasses_LetsGoAndContinuesAfterTheAnswer()
    {
        var steps = 0;
        var bench = new EngineBench(async () =>
        {
            await Flow.CheckpointAsync("before", _ => Task.FromResult(++steps));
            return await Flow.WaitAsync<string>("name", timeout: TimeSpan.FromSeconds(30));
        }).Go();
        bench.Advance(TimeSpan.FromSeconds(29));
        bench.Store.Released.ShouldBeNull();

        bench.Advance(TimeSpan.FromSeconds(2));
        bench.Store.Released!.Status.ShouldBe(ExecutionStatus.Waiting);
        bench.Run!.Ended.IsCompleted.ShouldBeTrue();

        bench.Store.Answer("name", "\"tea\"");
        bench.Go();
        bench.Result.ShouldBe("tea");
        steps.ShouldBe(1);
    }

    [Fact]
    public void Wait_AnswerStoredButNotYetSeenWhenTheWorkerDies_IsFoundByTheNextOne()
    {
        var bench = new EngineBench(async () => await Flow.WaitAsync<int>("number")).Go();
        bench.Store.Answer("number", "7");
        bench.CrashAndGo(seed: 2);
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed);
        bench.Store.Entries.ShouldHaveSingleItem();
    }

    [Fact]
    public void TwoWaitsAtOnce_AnsweredInOtherOrder_BothArrive()
    {
        var bench = new EngineBench(async () =>
        {
            var answers = await Task.WhenAll(Flow.WaitAsync<int>("first"), Flow.WaitAsync<int>("second"));
            return answers[0] * 10 + answers[1];
        }).Go();
        bench.Store.Answer("second", "2");
        bench.Run!.OnSignal(bench.Store.Signal());
        bench.RunUntilQuiet();
        bench.Store.Answer("first", "1");
        bench.CrashAndGo(seed: 3);
        bench.Store.Outcome!.Result!.Inline.ShouldBe("12"u8.ToArray());
    }

    [Fact]
    public void WaitName_UsedAgain_GetsAnOrdinal()
    {
        var bench = new EngineBench(async () => await Task.WhenAll(Flow.WaitAsync<int>("ask"), Flow.WaitAsync<int>("ask"), Flow.WaitAsync<int>())).Go();
        bench.Store.WaitRecords.Select(wait => wait.Name).ShouldBe(["ask", "ask_2", "wait_condition:0"], ignoreOrder: true);
    }

    [Fact]
    public void Wait_Aborted_EndsCancelledUnlessCaught()
    {
        var uncaught = new EngineBench(async () => await Flow.WaitAsync<int>("number")).Go();
        uncaught.Store.Abort("number");
        uncaught.Run!.OnSignal(uncaught.Store.Signal());
        uncaught.RunUntilQuiet();
        uncaught.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Cancelled);

        var caught = new EngineBench(async () =>
        {
            try
            {
                return await Flow.WaitAsync<string>("word");
            }
            catch (WaitAbortedException aborted)
            {
                return $"aborted {aborted.Wait}";
            }
        }).Go();
        caught.Store.Abort("word");
        caught.Run!.OnSignal(caught.Store.Signal());
        caught.RunUntilQuiet();
        caught.Result.ShouldBe("aborted word");
    }

    [Fact]
    public void WaitSchema_FollowsTheType()
    {
        var bench = new EngineBench(async () => await Task.WhenAll(
            Flow.WaitAsync<bool>("flag").ContinueWith(_ => 0, TaskScheduler.Current),
            Flow.WaitAsync<Choice>("choice").ContinueWith(_ => 0, TaskScheduler.Current))).Go();
        var schemas = bench.Store.WaitRecords.ToDictionary(wait => wait.Name, wait => wait.Schema!.ToJsonString());
        schemas["flag"].ShouldBe("""{"type":"boolean"}""");
        schemas["choice"].ShouldContain("Red");
    }

    [Fact]
    public void Wait_InsideACheckpoint_IsAContextError()
    {
        var bench = new EngineBench(async () => await Flow.CheckpointAsync("outer", async _ => await Flow.WaitAsync<int>("inner"))).Go();
        bench.Store.Outcome!.Failure!.Message.ShouldContain("not inside a checkpoint");
    }

    [Fact]
    public async Task Wait_OutsideAFlow_IsAContextError() =>
        await Should.ThrowAsync<KitaruContextException>(() => Flow.WaitAsync<int>("number"));

    public enum Choice
    {
        Red,
        Green,
    }
}
