using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru.UnitTests.Engine;

public class RunEndTests
{
    [Fact]
    public void BodyThatThrows_FailsAsUserCode()
    {
        var bench = new EngineBench(async () =>
        {
            await Flow.CheckpointAsync("step", _ => Task.FromResult(1));
            throw new InvalidOperationException("connection refused while serializing");
        }).Go();
        var failure = bench.Store.Outcome!.Failure!;
        failure.Origin.ShouldBe(FailureOrigin.UserCode);
        failure.ExceptionType.ShouldBe(typeof(InvalidOperationException).FullName);
    }

    [Fact]
    public void FlowRetries_ReuseFinishedCallsAndRunTheFailedOneAgain()
    {
        var (good, bad) = (0, 0);
        var bench = new EngineBench(async () =>
        {
            await Flow.CheckpointAsync("good", _ => Task.FromResult(++good));
            await Flow.CheckpointAsync("bad", _ => ++bad < 3 ? throw new IOException("disk") : Task.FromResult(bad));
            return "done";
        });
        bench.Store.Execution = bench.Store.Execution with { Retries = 2 };
        bench.Go();
        bench.Store.Released!.RetriesUsed.ShouldBe(1);
        bench.Go();
        bench.Go();
        bench.Result.ShouldBe("done");
        (good, bad).ShouldBe((1, 3));
    }

    [Fact]
    public void FlowRetry_GivesACheckpointAllItsRetriesAgain()
    {
        var attempts = 0;
        var bench = new EngineBench(async () => await Flow.CheckpointAsync(
            "flaky", _ => ++attempts < 4 ? throw new IOException("disk") : Task.FromResult(attempts), new CheckpointOptions { Retries = 1, Backoff = TimeSpan.Zero }));
        bench.Store.Execution = bench.Store.Execution with { Retries = 1 };
        bench.Go().Go();
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed);
        attempts.ShouldBe(4);
    }

    [Fact]
    public void FlowRetry_RunsAllParallelFailuresAgain()
    {
        var (left, right) = (0, 0);
        var bench = new EngineBench(async () =>
        {
            await Task.WhenAll(
                Flow.CheckpointAsync("left", _ => ++left < 2 ? throw new IOException("left") : Task.FromResult(1)),
                Flow.CheckpointAsync("right", _ => ++right < 2 ? throw new IOException("right") : Task.FromResult(1)));
            return "done";
        });
        bench.Store.Execution = bench.Store.Execution with { Retries = 1 };
        bench.Go().Go();
        bench.Result.ShouldBe("done");
        (left, right).ShouldBe((2, 2));
    }

    [Fact]
    public void StoreErrorInASynchronousCheckpoint_GivesTheExecutionBack()
    {
        var bench = new EngineBench(async () =>
        {
            Runtime.CheckpointCalls.Run(new Runtime.CheckpointDefinition("sync"), [], default, _ => 1);
            return await Task.FromResult("done");
        });
        bench.Store.FailNextAppend = true;
        bench.Go();
        bench.Store.Outcome.ShouldBeNull();
        bench.Store.Released!.Status.ShouldBe(ExecutionStatus.Queued);
        bench.Go();
        bench.Result.ShouldBe("done");
    }

    [Fact]
    public async Task LostLease_ReachesASynchronousCheckpoint()
    {
        EngineBench bench = null!;
        bench = new EngineBench(async () =>
        {
            var cancelled = Runtime.CheckpointCalls.Run(new Runtime.CheckpointDefinition("sync"), [], default, token =>
            {
                bench.Run!.OnSignal(new LeaseSignal(bench.Store.Execution.Id, Lost: true, Cancelled: true, []));
                return token.IsCancellationRequested;
            });
            return await Task.FromResult(cancelled);
        });
        bench.Go();
        bench.Store.Entries.ShouldBeEmpty();
        bench.Store.Outcome.ShouldBeNull();
        (await bench.Run!.Ended).ShouldBe(RunEnd.Lost);
    }

    [Fact]
    public void BodyThatCatchesItsCancellationAndTriesAgain_DoesNotSpin()
    {
        var tries = 0;
        var bench = new EngineBench(async () =>
        {
            while (true)
            {
                try
                {
                    tries++;
                    return await Flow.CheckpointAsync("poll", _ => new TaskCompletionSource<int>().Task);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }).Go();
        bench.Run!.OnSignal(new LeaseSignal(bench.Store.Execution.Id, Lost: true, Cancelled: true, []));
        bench.RunUntilQuiet();
        tries.ShouldBeLessThan(5);
    }

    [Fact]
    public void FlowRetry_CaughtFailureBeforeTheOneThatEndedIt_IsKept()
    {
        var (caught, ending) = (0, 0);
        var bench = new EngineBench(async () =>
        {
            try
            {
                await Flow.CheckpointAsync<int>("caught", _ => { caught++; throw new IOException("always"); });
            }
            catch (CheckpointFailedException)
            {
                await Flow.CheckpointAsync("fallback", _ => Task.FromResult(1));
            }
            await Flow.CheckpointAsync("ending", _ => ++ending < 2 ? throw new IOException("once") : Task.FromResult(1));
            return "done";
        });
        bench.Store.Execution = bench.Store.Execution with { Retries = 1 };
        bench.Go().Go();
        bench.Result.ShouldBe("done");
        (caught, ending).ShouldBe((1, 2));
    }

    [Fact]
    public async Task LeaseThatIsFoundLostBeforeAStep_BeginsItNoMore()
    {
        var begun = new List<string>();
        var bench = new EngineBench(async () =>
        {
            await Flow.CheckpointAsync("first", _ => Begin("first"));
            await Flow.CheckpointAsync("second", _ => Begin("second"));
            return "done";
        });
        bench.StillHolds = run =>
        {
            if (begun.Count == 0)
                return new ValueTask<bool>(true);
            run.OnSignal(new LeaseSignal(bench.Store.Execution.Id, Lost: true, Cancelled: false, []));
            return new ValueTask<bool>(false);
        };

        bench.Go();

        (await bench.Run!.Ended).ShouldBe(RunEnd.Lost);
        begun.ShouldBe(["first"]);
        bench.Store.Outcome.ShouldBeNull();

        Task<string> Begin(string step)
        {
            begun.Add(step);
            return Task.FromResult(step);
        }
    }

    [Fact]
    public async Task LostLease_CancelsTheBodyAndWritesNothing()
    {
        var cleanedUp = false;
        var bench = new EngineBench(async () =>
        {
            try
            {
                return await Flow.WaitAsync<int>("number");
            }
            finally
            {
                cleanedUp = true;
            }
        }).Go();
        bench.Run!.OnSignal(new LeaseSignal(bench.Store.Execution.Id, Lost: true, Cancelled: true, []));
        bench.RunUntilQuiet();
        cleanedUp.ShouldBeTrue();
        bench.Store.Outcome.ShouldBeNull();
        (await bench.Run.Ended).ShouldBe(RunEnd.Lost);
    }

    [Fact]
    public async Task FencedWorker_CommitsNothing()
    {
        var executed = 0;
        var bench = new EngineBench(async () =>
        {
            await Flow.CheckpointAsync("first", _ => Task.FromResult(++executed));
            await Flow.CheckpointAsync("second", _ => Task.FromResult(++executed));
            return null;
        });
        bench.Start();
        bench.Store.Claim();
        bench.RunUntilQuiet();
        executed.ShouldBe(1);
        bench.Store.Entries.ShouldBeEmpty();
        (await bench.Run!.Ended).ShouldBe(RunEnd.Lost);
    }

    [Fact]
    public void BodyThatAwaitsNothingRecorded_IsAnError()
    {
        var bench = new EngineBench(async () =>
        {
            await new TaskCompletionSource().Task;
            return null;
        }).Go();
        bench.Store.Outcome!.Failure!.Message.ShouldContain("not recorded");
    }

    [Fact]
    public void AbandonedHost_LetsGoOfAWaitAtOnce()
    {
        var bench = new EngineBench(async () => await Flow.WaitAsync<int>("number")).Go();
        bench.LetGo = true;
        bench.Run!.Wake();
        bench.RunUntilQuiet();
        bench.Store.Released!.Status.ShouldBe(ExecutionStatus.Waiting);
    }

    [Fact]
    public void SynchronousCheckpoints_AreRecordedInlineAndReplayed()
    {
        var executed = 0;
        var bench = new EngineBench(async () =>
        {
            int Step() => Runtime.CheckpointCalls.Run(new Runtime.CheckpointDefinition("sync"), [], default, _ => ++executed);
            var sum = Step() + Step();
            await Flow.WaitAsync<int>("go");
            return sum + Step();
        }).Go();
        bench.Store.Answer("go", "1");
        bench.CrashAndGo(seed: 2);
        bench.Store.Outcome!.Result!.Inline.ShouldBe("6"u8.ToArray());
        executed.ShouldBe(3);
    }
}
