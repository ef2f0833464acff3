namespace Kitaru.SimulationTests.Programs;

/// <summary>What a program comes to when nothing goes wrong, worked out without an engine.</summary>
internal sealed class Expectation
{
    private readonly Dictionary<string, long> _metadata = [];
    private int _retriesNeeded;

    /// <summary>The metadata it leaves.</summary>
    public IReadOnlyDictionary<string, long> Metadata => _metadata;

    /// <summary>The result, or null when the flow fails for good.</summary>
    public long? Result { get; private set; }

    /// <summary>Whether it may fail although it has a result: each step that fails in a first try takes a retry of the flow at worst.</summary>
    public bool MayFail { get; private set; }

    public static Expectation Of(FlowProgram program)
    {
        var expectation = new Expectation();
        expectation.Result = expectation.Evaluate(program.Root, 0);
        expectation.MayFail = expectation.Result is null || expectation._retriesNeeded > program.Retries;
        return expectation;
    }

    public static long Mix(long value, long next) => unchecked(value * 31 + next * 17 + 5);

    /// <summary>The part of a step's value that is the same whoever runs it.</summary>
    public static long ValueOf(Step step, long round) => Mix(step.Id, round);

    private long? Evaluate(Node node, long round)
    {
        switch (node)
        {
            case Step step:
                if (step.Failures == Step.ForEver)
                    return null;
                _retriesNeeded += step.Fails ? 1 : 0;
                return ValueOf(step, round);
            case Sequence sequence:
                return Combine(sequence.Nodes.Select(child => Evaluate(child, round)), stopsAtFailure: true);
            case Together together:
                return Combine([.. together.Branches.Select(child => Evaluate(child, round))], stopsAtFailure: false);
            case Race race:
                var all = Combine([.. race.Branches.Select(child => Evaluate(child, round))], stopsAtFailure: false);
                return race.AwaitsRest ? all : race.Id;
            case Repeat repeat:
                return Combine(Enumerable.Range(0, repeat.Times).Select(time => Evaluate(repeat.Body, Mix(round, time + 1))), stopsAtFailure: true);
            case Caught caught:
                return Evaluate(caught.Body, round) ?? -caught.Id;
            case Question question:
                return question.Answer;
            case Note note:
                _metadata[note.Key] = Mix(note.Id, round);
                return note.Id;
            default:
                return node.Id;
        }
    }

    private static long? Combine(IEnumerable<long?> values, bool stopsAtFailure)
    {
        long? combined = 1;
        foreach (var value in values)
        {
            combined = combined is { } before && value is { } next ? Mix(before, next) : null;
            if (combined is null && stopsAtFailure)
                return null;
        }
        return combined;
    }
}
