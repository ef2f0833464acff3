using System.Globalization;

namespace Kitaru.UnitTests.Engine;

/// <summary>
/// Thousands of seeded crashes: after each, every call site must see the value it saw before, and the same branch must win a race.
/// </summary>
public class OrderedDeliveryTests
{
    private const int Crashes = 2000;

    [Fact]
    public void SameCheckpointInThreeBranches_Crashed_EachBranchSeesItsValueAgain() => CrashOften((bench, sees, draw) => async () =>
    {
        async Task<int> Branch(int number)
        {
            var value = await draw("draw");
            sees($"branch {number}", value);
            return await draw("use") + value;
        }
        var values = await Task.WhenAll(Branch(0), Branch(1), Branch(2));
        return values.Sum();
    });

    [Fact]
    public void LoopsInTwoBranches_Crashed_EachRoundSeesItsValueAgain() => CrashOften((bench, sees, draw) => async () =>
    {
        async Task Branch(int number)
        {
            for (var round = 0; round < 2; round++)
                sees($"branch {number} round {round}", await draw("draw"));
        }
        await Task.WhenAll(Branch(0), Branch(1));
        return 0;
    });

    [Fact]
    public void Race_Crashed_TheSameBranchWins() => CrashOften((bench, sees, draw) => async () =>
    {
        var runners = new[] { draw("run"), draw("run"), draw("run") };
        var winner = await Task.WhenAny(runners);
        sees("winner", Array.IndexOf(runners, winner));
        sees("value", await winner);
        return await draw("after");
    });

    [Fact]
    public void TwelveBranchesOfTwoSteps_Crashed_EachStepSeesItsValueAgain() => CrashOften((bench, sees, draw) => async () =>
    {
        async Task<int> Branch(int number)
        {
            var first = await draw("first");
            sees($"{number} first", first);
            var second = await draw("second");
            sees($"{number} second", second);
            return first + second;
        }
        return (await Task.WhenAll(Enumerable.Range(0, 12).Select(Branch))).Sum();
    });

    private static void CrashOften(Func<EngineBench, Action<string, int>, Func<string, Task<int>>, Func<Task<int>>> flow)
    {
        var crashes = 0;
        for (var seed = 1; crashes < Crashes; seed++)
            crashes += RunOne(seed, flow);
    }

    private static int RunOne(int seed, Func<EngineBench, Action<string, int>, Func<string, Task<int>>, Func<Task<int>>> flow)
    {
        var chance = new Random(seed);
        var seen = new Dictionary<string, int>();
        var drawn = 0;
        EngineBench? bench = null;
        Task<int> Draw(string name) => Flow.CheckpointAsync(name, async _ =>
        {
            await bench!.Scheduler.SomeTime();
            await bench.Scheduler.SomeTime();
            // Another value each time it is really executed: only the journal can bring the same one back.
            return ++drawn;
        });
        void Sees(string place, int value)
        {
            if (seen.TryGetValue(place, out var before))
                value.ShouldBe(before, $"seed {seed.ToString(CultureInfo.InvariantCulture)}, {place}");
            seen[place] = value;
        }
        bench = new EngineBench(async () => await flow(bench!, Sees, Draw)(), seed);

        var crashes = 0;
        bench.Start();
        while (bench.Store.Outcome is null)
        {
            for (var steps = chance.Next(60); steps > 0 && !bench.Scheduler.IsEmpty; steps--)
                bench.Scheduler.Step();
            if (bench.Store.Outcome is not null)
                break;
            crashes++;
            bench.Scheduler.Crash();
            bench.Scheduler = new SeededScheduler(chance.Next());
            bench.Start();
        }
        bench.Store.Outcome.Status.ShouldBe(ExecutionStatus.Completed, bench.Store.Outcome.Failure?.Message);
        return crashes;
    }
}
