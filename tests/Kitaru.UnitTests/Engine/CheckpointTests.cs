using Kitaru.Core;

namespace Kitaru.UnitTests.Engine;

public class CheckpointTests
{
    private static readonly CheckpointOptions Twice = new() { Retries = 1, Backoff = TimeSpan.FromSeconds(2) };

    [Fact]
    public void FailedAttempt_IsRecordedAndTriedAgainAfterItsBackoff()
    {
        var attempts = 0;
        var bench = new EngineBench(async () => await Flow.CheckpointAsync("flaky", _ =>
            ++attempts == 1 ? throw new HttpRequestException("503") : Task.FromResult("ok"), Twice)).Go();
        bench.Store.Attempts.ShouldHaveSingleItem().Failure!.ExceptionType.ShouldBe(typeof(HttpRequestException).FullName);
        attempts.ShouldBe(1);

        bench.Advance(TimeSpan.FromSeconds(2));
        bench.Result.ShouldBe("ok");
        bench.Store.Entries.ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public void CrashDuringBackoff_CountsTheEarlierFailure()
    {
        var attempts = 0;
        var bench = new EngineBench(async () => await Flow.CheckpointAsync<string>("flaky", _ =>
        {
            attempts++;
            throw new InvalidOperationException("no");
        }, Twice)).Go();
        bench.CrashAndGo(seed: 5);
        attempts.ShouldBe(1);
        bench.Advance(TimeSpan.FromSeconds(3));
        attempts.ShouldBe(2);
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Failed);
    }

    [Fact]
    public void InterruptedAttempt_DoesNotCountAgainstTheRetries()
    {
        var attempts = 0;
        var bench = new EngineBench(async () => await Flow.CheckpointAsync<string>("work", _ =>
        {
            attempts++;
            throw new InvalidOperationException("no");
        }, new CheckpointOptions { Retries = 0 }));
        var claim = bench.Store.Claim();
        bench.Store.AppendAttemptAsync(claim.Lease, new AttemptRecord(
            "work", "work", 1, Interrupted: true, bench.Clock.GetUtcNow(), bench.Clock.GetUtcNow(), null, null));
        bench.Go();
        attempts.ShouldBe(1);
        bench.Store.Entries.ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public void Failure_SeenByTheBody_IsTheSameOnEveryRun()
    {
        async Task<object?> Body()
        {
            var seen = "";
            try
            {
                await Flow.CheckpointAsync<int>("call", _ => throw new HttpRequestException("503"));
            }
            catch (CheckpointFailedException failed) when (failed.IsCausedBy<HttpRequestException>())
            {
                seen = failed.Message;
            }
            await Flow.WaitAsync<int>("go");
            return seen;
        }
        var bench = new EngineBench(Body).Go();
        bench.Store.Answer("go", "1");
        bench.CrashAndGo(seed: 4);
        ((string)bench.Result!).ShouldContain("503");
    }

    [Fact]
    public void Timeout_CancelsTheTokenAndFailsTheAttempt()
    {
        CancellationToken seen = default;
        var bench = new EngineBench(async () => await Flow.CheckpointAsync("slow", async token =>
        {
            seen = token;
            await new TaskCompletionSource().Task;
            return 1;
        }, new CheckpointOptions { Timeout = TimeSpan.FromSeconds(5) })).Go();
        bench.Advance(TimeSpan.FromSeconds(6));
        seen.IsCancellationRequested.ShouldBeTrue();
        bench.Store.Outcome!.Failure!.ExceptionType.ShouldBe(typeof(TimeoutException).FullName);
    }

    [Fact]
    public void ResultThatCannotBeSerialized_FailsAsRuntimeAndNamesTheType()
    {
        var bench = new EngineBench(async () => await Flow.CheckpointAsync<Func<int>>("bad", _ => Task.FromResult<Func<int>>(() => 1))).Go();
        var failure = bench.Store.Outcome!.Failure!;
        failure.Origin.ShouldBe(FailureOrigin.Runtime);
        failure.Message.ShouldContain("Func");
    }

    [Fact]
    public void Value_IsTheRoundTrippedOneInTheFirstRunToo()
    {
        var original = new Dictionary<string, int> { ["a"] = 1 };
        var bench = new EngineBench(async () => ReferenceEquals(original, await Flow.CheckpointAsync("map", _ => Task.FromResult(original)))).Go();
        bench.Result!.ToString().ShouldBe("False");
    }

    [Fact]
    public void NestedCheckpoint_IsPartOfTheOuterRecord()
    {
        var bench = new EngineBench(async () => await Flow.CheckpointAsync("outer", async _ =>
            await Flow.CheckpointAsync("inner", _ => Task.FromResult(1), cancellationToken: CancellationToken.None) + 1)).Go();
        var entry = bench.Store.Entries.ShouldHaveSingleItem();
        entry.Key.ShouldBe("outer");
        entry.Metadata!.ToJsonString().ShouldContain("inner");
    }

    [Fact]
    public void MetadataAndArtifacts_AreCommittedWithTheCheckpoint()
    {
        var bench = new EngineBench(async () =>
        {
            Flow.SetMetadata("tier", "gold");
            await Flow.CheckpointAsync("work", async _ =>
            {
                Flow.SetMetadata("tokens", new { input = 3 });
                Flow.SetMetadata("tokens", new { output = 4 });
                await Flow.SaveAsync("notes", "hello", "context");
            });
            return null;
        }).Go();
        var entry = bench.Store.Entries.ShouldHaveSingleItem();
        entry.Metadata!.ToJsonString().ShouldBe("""{"tokens":{"input":3,"output":4}}""");
        entry.Artifacts.ShouldHaveSingleItem().Name.ShouldBe("notes");
        entry.ExecutionMetadata!.ToJsonString().ShouldBe("""{"tier":"gold"}""");
    }

    [Fact]
    public void Lineage_FollowsBranchesAndJoins()
    {
        var bench = new EngineBench(async () =>
        {
            Task Step(string name) => Flow.CheckpointAsync(name, _ => Task.FromResult(1));
            await Step("start");
            await Task.WhenAll(Step("left"), Step("right"));
            await Step("join");
            return null;
        }).Go();
        var parents = bench.Store.Entries.ToDictionary(entry => entry.Key, entry => entry.Parents);
        parents["start"].ShouldBeEmpty();
        parents["left"].ShouldBe(["start"]);
        parents["right"].ShouldBe(["start"]);
        parents["join"].ShouldBe(["left", "right"]);
    }

    [Fact]
    public void SynchronousCheckpoint_NotCommitted_RefusesWhateverTheBodyCallsNext()
    {
        var definition = new Kitaru.Runtime.CheckpointDefinition("step");
        var bench = new EngineBench(() =>
        {
            try
            {
                Kitaru.Runtime.CheckpointCalls.Run(definition, [], default, _ => 1);
            }
            catch (OperationCanceledException)
            {
                Kitaru.Runtime.CheckpointCalls.Run(definition, [], default, _ => 2);
            }
            return Task.FromResult<object?>(null);
        });
        bench.Store.FailNextAppend = true;
        bench.Go();
        bench.Store.Entries.ShouldBeEmpty();
        bench.Store.Released.ShouldNotBeNull();
    }
}
