using Kitaru.Core;
using Kitaru.Testing;

namespace Kitaru.SimulationTests.Testing;

public sealed class FlowTestHostTests
{
    // The example of docs/testing.md.
    [Fact]
    public async Task Order_ThatIsDear_AsksAndShipsThreeDaysLater()
    {
        await using var host = new FlowTestHost(new FlowTestOptions { AlwaysReplay = true });
        var ordered = host.Clock.GetUtcNow();

        var run = await host.RunAsync(() => Orders.PlaceOrder("teapot"));
        run.PendingWaits.Single().Question.ShouldBe("Buy teapot for 300?");
        await run.AnswerAsync("approve", true);

        run.Result.ShouldBe("teapot shipped");
        run.Calls.Select(call => call.Name).ShouldBe(["quote", "ship"]);
        (host.Clock.GetUtcNow() - ordered).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task Answer_No_EndsTheFlow()
    {
        await using var host = new FlowTestHost();
        var run = await host.RunAsync(() => Orders.PlaceOrder("teapot"));
        await run.AnswerAsync("approve", false);
        run.Result.ShouldBe("rejected");
    }

    [Fact]
    public async Task Answer_ThatDoesNotFit_IsRefusedAndTheFlowWaitsOn()
    {
        await using var host = new FlowTestHost();
        var run = await host.RunAsync(() => Orders.PlaceOrder("teapot"));
        await Should.ThrowAsync<KitaruWaitValidationException>(() => run.AnswerAsync("approve", "perhaps"));
        run.Status.ShouldBe(ExecutionStatus.Waiting);
        Should.Throw<KitaruStateException>(() => run.Result).Message.ShouldContain("'approve'");
    }

    [Fact]
    public async Task Abort_And_Cancel_EndItCancelled()
    {
        await using var host = new FlowTestHost();
        var (first, second) = (await host.RunAsync(() => Orders.PlaceOrder("teapot")), await host.RunAsync(() => Orders.PlaceOrder("kettle")));
        await first.AbortAsync("approve");
        await second.CancelAsync();
        (first.Status, second.Status).ShouldBe((ExecutionStatus.Cancelled, ExecutionStatus.Cancelled));
    }

    [Fact]
    public async Task AlwaysReplay_EntersTheBodyAnewAfterEveryCompletion()
    {
        await using var plain = new FlowTestHost();
        await using var always = new FlowTestHost(new FlowTestOptions { AlwaysReplay = true });

        var once = await plain.RunAsync(() => Orders.Together(4));
        var often = await always.RunAsync(() => Orders.Together(4));

        often.Result.ShouldBe(once.Result);
        once.Passes.ShouldBe(1);
        often.Passes.ShouldBeGreaterThan(2);
        often.Calls.Count.ShouldBe(6);
    }

    [Fact]
    public async Task AlwaysReplay_FlowThatIsNotDeterministic_Diverges()
    {
        await using var host = new FlowTestHost(new FlowTestOptions { AlwaysReplay = true });
        var run = await host.RunAsync(() => Orders.Moody());
        run.Status.ShouldBe(ExecutionStatus.Failed);
        run.Failure!.Origin.ShouldBe(FailureOrigin.Divergence);
    }

    [Fact]
    public async Task RecordedClock_FinerThanTheStore_IsTheSameOnEveryRun()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234567));
        await using var host = new FlowTestHost(new FlowTestOptions { Clock = clock, AlwaysReplay = true });
        (await host.RunAsync(() => Orders.Stamped())).Result.ShouldStartWith("second 2026-01-01T00:00:00.123456");
    }

    [Fact]
    public async Task Backoff_TakesNoRealTime_AndAttemptsAreShown()
    {
        Orders.Mood.Forget();
        await using var host = new FlowTestHost();
        var before = host.Clock.GetUtcNow();

        var run = await host.RunAsync(() => Orders.Flaky());

        run.Result.ShouldBe(6);
        run.Calls.ShouldAllBe(call => call.Attempts.Count == 3);
        (host.Clock.GetUtcNow() - before).ShouldBeGreaterThan(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task QuestionWithADeadline_IsTheTestsToDecide()
    {
        await using var host = new FlowTestHost();
        var (answered, late) = (await host.RunAsync(() => Orders.Deadline()), await host.RunAsync(() => Orders.Deadline()));
        (answered.Status, late.Status).ShouldBe((ExecutionStatus.Waiting, ExecutionStatus.Waiting));

        await answered.AnswerAsync("name", "tea");
        await late.AdvanceAsync(TimeSpan.FromHours(2));

        (answered.Result, late.Result).ShouldBe(("tea", "nobody"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Faults_WhateverTheSeed_ChangeNoResult(bool always)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var rates = new FaultRates { FailBefore = 0.05, FailAfterCommit = 0.05, DiskFull = 0.03, Fenced = 0.05, Delay = 0.1 };
            await using var host = new FlowTestHost(new FlowTestOptions { Faults = rates, Seed = seed, AlwaysReplay = always });
            var run = await host.RunAsync(() => Orders.Together(3));
            run.Status.ShouldBe(ExecutionStatus.Completed, $"seed {seed}: {run.Failure?.Message}");
            run.Result.ShouldBe(311, $"seed {seed}");
            run.Calls.Count.ShouldBe(5, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Run_OfWhatIsNoFlow_IsRefused()
    {
        await using var host = new FlowTestHost();
        (await Should.ThrowAsync<KitaruUsageException>(() => host.RunAsync(() => Orders.Quote("tea")))).Message.ShouldContain("not a flow");
    }
}
