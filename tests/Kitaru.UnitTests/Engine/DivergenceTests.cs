namespace Kitaru.UnitTests.Engine;

public class DivergenceTests
{
    private int _run;

    [Fact]
    public void ChangedArguments_ShowBothSides()
    {
        var bench = Diverging(run => run == 1 ? ["call:1"] : ["call:2"]);
        Message(bench).ShouldContain("""{"value":"1"}""");
        Message(bench).ShouldContain("""{"value":"2"}""");
    }

    [Fact]
    public void OtherCall_NamesWhatWasRecordedAndWhatIsAsked()
    {
        var bench = Diverging(run => run == 1 ? ["old:1"] : ["new:1"]);
        Message(bench).ShouldContain("'old'");
        Message(bench).ShouldContain("'new'");
    }

    [Fact]
    public void RemovedCall_IsFoundAtTheEnd()
    {
        var bench = Diverging(run => run == 1 ? ["first:1", "second:1"] : ["first:1"], waits: run => run == 1);
        Message(bench).ShouldContain("'second'");
    }

    [Fact]
    public void SameCalls_DoNotDiverge()
    {
        var bench = Diverging(_ => ["first:1", "second:2"]);
        bench.Store.Released.ShouldBeNull();
        bench.Store.Outcome.ShouldBeNull();
    }

    private EngineBench Diverging(Func<int, string[]> calls, Func<int, bool>? waits = null)
    {
        var bench = new EngineBench(async () =>
        {
            var run = ++_run;
            foreach (var call in calls(run))
            {
                var parts = call.Split(':');
                await Runtime.CheckpointCalls.RunAsync(
                    new Runtime.CheckpointDefinition(parts[0]) { Parameters = ["value"] }, [parts[1]], default, _ => Task.FromResult(1));
            }
            if (waits?.Invoke(run) ?? true)
                await Flow.WaitAsync<int>("pause");
            return null;
        }).Go();
        return bench.CrashAndGo(seed: 2);
    }

    private static string Message(EngineBench bench)
    {
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Failed);
        bench.Store.Outcome.Failure!.Origin.ShouldBe(FailureOrigin.Divergence);
        return bench.Store.Outcome.Failure.Message;
    }
}
