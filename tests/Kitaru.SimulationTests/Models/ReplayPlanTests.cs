using FsCheck;
using FsCheck.Fluent;
using Kitaru.ControlPlane;
using Kitaru.Core;

namespace Kitaru.SimulationTests.Models;

/// <summary>The planner against the sentence that defines it, applied over and over until nothing changes.</summary>
public sealed class ReplayPlanTests
{
    private const int Graphs = 2000;

    [Fact]
    public void Plan_OfAnyGraph_IsTheNaiveOne()
    {
        var cases =
            from size in Gen.Choose(1, 12)
            from parents in Gen.Choose(0, (1 << size) - 1).ListOf(size)
            from unfinished in Gen.Choose(0, (1 << size) - 1)
            from start in Gen.Choose(0, size - 1)
            from overridden in Gen.Choose(0, (1 << size) - 1)
            from skipped in Gen.Choose(0, (1 << size) - 1)
            select new Case([.. parents], unfinished & 0b1001_0010_0100, start, overridden & 0b0101_0000_1010, skipped & 0b0010_1000_0001);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Graphs), Prop.ForAll(cases.ToArbitrary(), Agrees));
    }

    private static bool Agrees(Case made)
    {
        var calls = made.Parents.Select((parents, i) => new RecordedCall(
            Key(i), Key(i), JournalKind.Checkpoint, new CallId(Guid.Empty), Has(made.Unfinished, i) ? null : i + 1,
            [.. Enumerable.Range(0, i).Where(parent => Has(parents, parent)).Select(Key)], HasOutput: true)).ToList();
        // What is overridden has an outcome, and is not skipped.
        var overridden = Keys(calls, made.Overridden & ~made.Unfinished);
        var skipped = Keys(calls, made.Skipped & ~made.Overridden);

        var planned = new ReplayPlanner(calls).Plan(Key(made.Start), overridden, skipped);

        return planned.Select(step => step.Action).SequenceEqual(Naive(calls, made.Start, overridden, skipped));
    }

    /// <summary>What runs: the start, what follows on an overridden output, what follows on what runs, and what never finished.</summary>
    private static IEnumerable<ReplayAction> Naive(List<RecordedCall> calls, int start, HashSet<string> overridden, HashSet<string> skipped)
    {
        var affected = new HashSet<string> { Key(start) };
        for (var before = -1; before != affected.Count;)
        {
            before = affected.Count;
            foreach (var call in calls.Where(call => call.Parents.Any(parent => affected.Contains(parent) || overridden.Contains(parent))))
                affected.Add(call.Key);
        }
        return calls.Select(call =>
            overridden.Contains(call.Key) ? ReplayAction.Overridden
            : call.Seq is null ? ReplayAction.Run
            : skipped.Contains(call.Key) ? ReplayAction.Reused
            : affected.Contains(call.Key) ? ReplayAction.Run : ReplayAction.Reused);
    }

    private static HashSet<string> Keys(List<RecordedCall> calls, int bits) => [.. calls.Select((call, i) => (call, i)).Where(pair => Has(bits, pair.i)).Select(pair => pair.call.Key)];

    private static string Key(int number) => "call" + number;

    private static bool Has(int bits, int number) => (bits & (1 << number)) != 0;

    /// <summary>A call graph and a request, in bits.</summary>
    private sealed record Case(int[] Parents, int Unfinished, int Start, int Overridden, int Skipped);
}
