using Kitaru.Core;
using Kitaru.Runtime;

namespace Kitaru.UnitTests.Engine;

/// <summary>What a replay runs, what it reuses, and what the body sees of it.</summary>
public class ReplayTests
{
    private readonly List<string> _ran = [];
    private readonly List<string> _seen = [];

    [Fact]
    public void FromTheSecondCall_TheFirstIsReusedAndTheRestRuns()
    {
        var source = Run(Chain);
        Replay(source, Chain, "draft");
        _ran.ShouldBe(["draft(notes(tea))", "polish(draft(notes(tea)))"]);
        _seen.ShouldBe(["polish(draft(notes(tea)))"]);
    }

    [Fact]
    public void OverriddenOutput_OnlyWhatFollowsOnItRuns()
    {
        var source = Run(Chain);
        Replay(source, Chain, "polish", outputs: new() { ["notes"] = "other notes" });
        _ran.ShouldBe(["draft(other notes)", "polish(draft(other notes))"]);
    }

    [Fact]
    public void ParallelBranches_OnlyTheBranchOfTheStartRuns()
    {
        async Task<string> Branch(string number) => await Step("use_" + number, await Step("load_" + number, number));
        async Task<object?> Body() => string.Join(' ', await Task.WhenAll(Branch("a"), Branch("b"), Branch("c")));
        var source = Run(Body);
        Replay(source, Body, "load_b");
        _ran.ShouldBe(["load_b(b)", "use_b(load_b(b))"], ignoreOrder: true);
    }

    [Fact]
    public void RaceReplayedUnchanged_HasTheSameWinner()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            async Task<object?> Body()
            {
                var runners = new[] { Step("one", ""), Step("two", ""), Step("three", "") };
                var winner = await Task.WhenAny(runners);
                _seen.Add(Array.IndexOf(runners, winner).ToString(System.Globalization.CultureInfo.InvariantCulture));
                await Task.WhenAll(runners);
                return null;
            }
            var source = Run(Body, seed);
            var winner = _seen.ShouldHaveSingleItem();
            Replay(source, Body, new[] { "one", "two", "three" }[int.Parse(winner, System.Globalization.CultureInfo.InvariantCulture)], seed: seed + 1000);
            _seen.ShouldBe([winner], $"seed {seed}");
        }
    }

    [Fact]
    public void ReplayOfAReplay_SeesTheOrderTheFirstOneSaw()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            async Task<object?> Body()
            {
                var runners = new[] { Step("one", ""), Step("two", "") };
                var winner = await Task.WhenAny(runners);
                _seen.Add(await winner);
                await Task.WhenAll(runners);
                return await Step("last", await winner);
            }
            var source = Run(Body, seed);
            var winner = _seen.ShouldHaveSingleItem();
            var first = Replay(source, Body, winner == "one()" ? "one" : "two", seed: seed + 1000);
            Replay(first, Body, "last", seed: seed + 2000);
            _seen.ShouldBe([winner], $"seed {seed}");
        }
    }

    [Fact]
    public void ReplayOfAReplay_KeepsWhatTheFirstOneWasGiven()
    {
        var given = Replay(Run(Chain), Chain, "polish", outputs: new() { ["notes"] = "given", ["draft"] = "given draft" });
        Replay(given, Chain, "polish");
        _ran.ShouldBe(["polish(given draft)"]);

        async Task<object?> Coffee() => await Step("polish", await Step("draft", await Step("notes", "coffee")));
        var other = Replay(Run(Chain), Coffee, "draft", inputs: ["topic"]);
        Replay(other, Coffee, "polish");
        _ran.ShouldBe(["polish(draft(notes(tea)))"]);
    }

    [Fact]
    public void OtherQuestion_IsAskedAgain_ThoughNothingItFollowedOnRuns()
    {
        async Task<object?> Body()
        {
            var shared = "";
            async Task Left() => await Step("left_end", shared = await Step("left", ""));
            async Task Right()
            {
                await Step("right", "");
                await Step("right_end", "");
                _seen.Add($"{shared} {await Flow.WaitAsync<string>("approve", question: $"Pay {shared}?")}");
            }
            await Task.WhenAll(Left(), Right());
            return null;
        }
        EngineBench source;
        var seed = 0;
        do
        {
            (_current = new EngineBench(Body, ++seed)).Go();
            source = _current;
        }
        while (Position(source, "left") > Position(source, "right"));
        Answer(source, "approve", "\"yes\"");
        source.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed);

        var replay = Replay(source, Body, "left_end", outputs: new() { ["left"] = "a million" }, ends: false);
        if (replay.Store.Plan.Steps.Single(step => step.Key == "approve").Action == ReplayAction.Reused)
            replay.Store.Lines.ShouldContain(line => line.Message.Contains("its question differs"));
        _seen.ShouldBeEmpty();
        replay.Store.WaitRecords.Single().Question.ShouldBe("Pay a million?");
        Answer(replay, "approve", "\"no\"");
        _seen.ShouldBe(["a million no"]);
    }

    [Fact]
    public void WaitBeforeTheStart_KeepsItsAnswer_LaterOneAsksAgain()
    {
        async Task<object?> Body()
        {
            await Step("first", "");
            _seen.Add(await Flow.WaitAsync<string>("early"));
            await Step("second", "");
            _seen.Add(await Flow.WaitAsync<string>("late"));
            return await Step("third", "");
        }
        var source = Start(Body);
        Answer(source, "early", "\"yes\"");
        Answer(source, "late", "\"no\"");
        source.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed);

        var replay = Replay(source, Body, "second", ends: false);
        _seen.ShouldBe(["yes"]);
        replay.Store.WaitRecords.Single(wait => wait.Status == WaitStatus.Pending).Name.ShouldBe("late");
        Answer(replay, "late", "\"perhaps\"");
        _seen.ShouldBe(["yes", "perhaps"]);
        replay.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed);
    }

    [Fact]
    public void ClockIdsAndChance_TravelAlong()
    {
        async Task<object?> Body()
        {
            await Step("first", "");
            _seen.Add($"{Flow.UtcNow:O} {Flow.NewGuid()} {Flow.Random.Next()}");
            await Step("second", "");
            return null;
        }
        var source = Run(Body);
        var before = _seen.ShouldHaveSingleItem();
        source.Advance(TimeSpan.FromDays(1));
        Replay(source, Body, "second");
        _seen.ShouldBe([before]);
    }

    [Fact]
    public void OtherCodeBeforeTheStart_DivergesWithBothSides()
    {
        var source = Run(Chain);
        var replay = Replay(source, async () => await Step("polish", await Step("draft", await Step("sketch", "tea"))), "polish");
        Diverged(replay).ShouldContain("'notes'");
        Diverged(replay).ShouldContain("'sketch'");
    }

    [Fact]
    public void OtherArgumentsBeforeTheStart_DivergeWithBothSides()
    {
        var source = Run(Chain);
        var replay = Replay(source, async () => await Step("polish", await Step("draft", await Step("notes", "coffee"))), "polish");
        Diverged(replay).ShouldContain("\"tea\"");
        Diverged(replay).ShouldContain("\"coffee\"");
    }

    [Fact]
    public void OtherFlowInputs_ReuseWhatLiesBeforeTheStart()
    {
        var source = Run(Chain);
        Replay(source, async () => await Step("polish", await Step("draft", await Step("notes", "coffee"))), "draft", inputs: ["topic"]);
        _ran.ShouldBe(["draft(notes(tea))", "polish(draft(notes(tea)))"]);
    }

    [Fact]
    public void HiddenDependency_RunsAgainWhenItsArgumentsChange()
    {
        // The second branch reads what the first one left in a variable: no recorded edge shows that.
        async Task<object?> Body()
        {
            var shared = "";
            async Task First() => shared = await Step("first", "");
            async Task Second()
            {
                await Step("own", "");
                await Step("after_own", "");
                await Step("reads", shared);
            }
            var first = First();
            var second = Second();
            await Task.WhenAll(first, second);
            return shared;
        }
        var source = RunUntil(Body, bench => Position(bench, "first") < Position(bench, "own"));
        var plan = Replay(source, Body, "after_own", outputs: new() { ["first"] = "changed" }).Store.Plan;
        plan.Steps.Single(step => step.Key == "first").Action.ShouldBe(ReplayAction.Overridden);
        _ran.ShouldContain("reads(changed)");
    }

    [Fact]
    public void CrashedAgainAndAgain_TheBodySeesTheSame()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var chance = new Random(seed);
            async Task<string> Branch(int number)
            {
                var text = await Step($"load_{number}", "");
                for (var round = 0; round < 2; round++)
                    text = await Step($"turn_{number}", text);
                return text;
            }
            async Task<object?> Body()
            {
                var racers = Enumerable.Range(0, 3).Select(Branch).ToArray();
                var winner = await Task.WhenAny(racers);
                var last = await Step("judge", await winner);
                return last + string.Join(' ', await Task.WhenAll(racers));
            }
            var source = Run(Body, seed);
            var from = source.Store.Entries[chance.Next(source.Store.Entries.Count)].Key;
            var replay = NewReplay(source, Body, from, [], [], seed + 1);
            replay.Start();
            while (replay.Store.Outcome is null)
            {
                for (var steps = chance.Next(30); steps > 0 && !replay.Scheduler.IsEmpty; steps--)
                    replay.Scheduler.Step();
                if (replay.Store.Outcome is not null)
                    break;
                replay.Scheduler.Crash();
                replay.Scheduler = new SeededScheduler(chance.Next());
                replay.Start();
            }
            replay.Store.Outcome.Status.ShouldBe(ExecutionStatus.Completed, $"seed {seed}: {replay.Store.Outcome.Failure?.Message}");
            // Steps are pure here, and the source's order is kept, so nothing may differ.
            replay.Result!.ToString().ShouldBe(source.Result!.ToString(), $"seed {seed}, from {from}");
        }
    }

    private async Task<object?> Chain()
    {
        var result = await Step("polish", await Step("draft", await Step("notes", "tea")));
        _seen.Add(result);
        return result;
    }

    /// <summary>Its result follows from its argument; it takes some turns, in an order that follows from the seed.</summary>
    private Task<string> Step(string name, string argument) => CheckpointCalls.RunAsync(
        new CheckpointDefinition(name) { Parameters = ["value"] }, [argument], default, async _ =>
        {
            await _current!.Scheduler.SomeTime();
            await _current.Scheduler.SomeTime();
            _ran.Add($"{name}({argument})");
            return $"{name}({argument})";
        });

    private EngineBench? _current;

    private EngineBench Start(Func<Task<object?>> body, int seed = 1)
    {
        (_current = new EngineBench(body, seed)).Go();
        return _current;
    }

    private EngineBench Run(Func<Task<object?>> body, int seed = 1)
    {
        _seen.Clear();
        var bench = Start(body, seed);
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Completed, bench.Store.Outcome.Failure?.Message);
        return bench;
    }

    private EngineBench RunUntil(Func<Task<object?>> body, Func<EngineBench, bool> suits)
    {
        for (var seed = 1; ; seed++)
        {
            var bench = Run(body, seed);
            if (suits(bench))
                return bench;
        }
    }

    private static int Position(EngineBench bench, string key) => bench.Store.Entries.ToList().FindIndex(entry => entry.Key == key);

    private EngineBench Replay(
        EngineBench source, Func<Task<object?>> body, string from, Dictionary<string, string>? outputs = null, string[]? inputs = null, int seed = 7, bool ends = true)
    {
        _ran.Clear();
        _seen.Clear();
        var bench = NewReplay(source, body, from, outputs ?? [], inputs ?? [], seed).Go();
        if (ends)
            bench.Store.Outcome.ShouldNotBeNull();
        return bench;
    }

    private EngineBench NewReplay(
        EngineBench source, Func<Task<object?>> body, string from, Dictionary<string, string> outputs, string[] inputs, int seed)
    {
        _current = new EngineBench(body, seed);
        _current.Store.TakeOver(source.Store, from, outputs, inputs);
        return _current;
    }

    private static void Answer(EngineBench bench, string wait, string json)
    {
        bench.Store.Answer(wait, json);
        SeededScheduler.Plainly(() => bench.Run!.OnSignal(bench.Store.Signal()));
        bench.RunUntilQuiet();
    }

    private static string Diverged(EngineBench bench)
    {
        bench.Store.Outcome!.Status.ShouldBe(ExecutionStatus.Failed);
        bench.Store.Outcome.Failure!.Origin.ShouldBe(FailureOrigin.Divergence);
        return bench.Store.Outcome.Failure.Message;
    }
}
