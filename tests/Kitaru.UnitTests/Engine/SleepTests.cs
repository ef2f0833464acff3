namespace Kitaru.UnitTests.Engine;

public class SleepTests
{
    [Fact]
    public void ShortSleep_IsSpentOnTheWorker()
    {
        var bench = new EngineBench(async () =>
        {
            await Flow.SleepAsync(TimeSpan.FromSeconds(2));
            return "awake";
        }).Go();
        bench.Store.Released.ShouldBeNull();
        bench.Advance(TimeSpan.FromSeconds(3));
        bench.Result.ShouldBe("awake");
    }

    [Fact]
    public void LongSleep_HoldsNoWorkerAndEndsAtTheSameMomentAfterACrash()
    {
        var bench = new EngineBench(async () =>
        {
            await Flow.SleepAsync(TimeSpan.FromHours(3));
            return Flow.UtcNow.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        }).Go();
        bench.Store.Released!.Status.ShouldBe(ExecutionStatus.Sleeping);
        var due = bench.Store.Released.RunnableAt;
        due.ShouldBe(bench.Clock.GetUtcNow() + TimeSpan.FromHours(3));

        bench.Clock.Advance(TimeSpan.FromHours(1));
        bench.Go();
        bench.Store.Released!.RunnableAt.ShouldBe(due);

        bench.Clock.Advance(TimeSpan.FromHours(5));
        bench.Go();
        bench.Result.ShouldBe("03:00");
    }
}
