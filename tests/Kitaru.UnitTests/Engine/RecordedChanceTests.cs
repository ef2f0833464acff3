namespace Kitaru.UnitTests.Engine;

public class RecordedChanceTests
{
    [Fact]
    public void TimeIdsAndRandomNumbers_AreTheSameOnEveryRun()
    {
        var runs = new List<string>();
        var bench = new EngineBench(async () =>
        {
            var text = $"{Flow.UtcNow:O} {Flow.NewGuid()} {Flow.NewGuid()} {Flow.Random.Next()} {Flow.Random.Next()}";
            await Flow.CheckpointAsync("step", async _ => await Task.FromResult(1));
            text += $" {Flow.UtcNow:O} {Flow.NewGuid()}";
            runs.Add(text);
            await Flow.WaitAsync<int>("go");
            return null;
        }).Go();
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.CrashAndGo(seed: 9);
        bench.CrashAndGo(seed: 10);
        runs.Count.ShouldBe(3);
        runs.Distinct().ShouldHaveSingleItem();
        runs[0].Split(' ')[1].ShouldNotBe(runs[0].Split(' ')[2]);
    }
}
