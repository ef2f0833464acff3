using Kitaru.Engine;
using Kitaru.Runtime;
using Kitaru.SimulationTests.Oracles;
using Kitaru.SimulationTests.World;

namespace Kitaru.SimulationTests.Programs;

/// <summary>Runs a program as a flow body in one run of the engine, and notes what it sees and does.</summary>
/// <param name="program">What to run.</param>
/// <param name="run">Which run this is.</param>
/// <param name="lane">The process it runs in.</param>
/// <param name="log">Where it notes.</param>
internal sealed class Interpreter(FlowProgram program, RunNote run, Lane lane, SideLog log)
{
    private const double LimitSeconds = 1;

    private static readonly string[] Parameters = ["round", "before"];

    public async Task<long> RunAsync()
    {
        var branch = new Branch();
        return await EvaluateAsync(program.Root, 0, branch);
    }

    private async Task<long> EvaluateAsync(Node node, long round, Branch branch)
    {
        switch (node)
        {
            case Step step:
                return await StepAsync(step, round, branch);
            case Sequence sequence:
                var sum = 1L;
                foreach (var child in sequence.Nodes)
                    sum = Expectation.Mix(sum, await EvaluateAsync(child, round, branch));
                return sum;
            case Together together:
                var values = await Task.WhenAll(together.Branches.Select(child => EvaluateAsync(child, round, branch.Fork())));
                return values.Aggregate(1L, Expectation.Mix);
            case Race race:
                return await RaceAsync(race, round, branch);
            case Repeat repeat:
                var rounds = 1L;
                for (var time = 0; time < repeat.Times; time++)
                    rounds = Expectation.Mix(rounds, await EvaluateAsync(repeat.Body, Expectation.Mix(round, time + 1), branch));
                return rounds;
            case Caught caught:
                return await CaughtAsync(caught, round, branch);
            case Question question:
                return await AskAsync(question, round);
            case Nap nap:
                await Flow.SleepAsync(nap.Duration);
                return nap.Id;
            case Note note:
                Flow.SetMetadata(note.Key, Expectation.Mix(note.Id, round));
                return note.Id;
            default:
                Look($"{node.Id}/{round}", $"{Flow.UtcNow.UtcTicks} {Flow.NewGuid()} {Flow.Random.Next()}");
                return node.Id;
        }
    }

    /// <summary>A run that has stopped shows its body cancelled calls: those it alone sees.</summary>
    private void Look(string place, string what)
    {
        if (!Flow.CancellationToken.IsCancellationRequested)
            log.Looked(run, place, what);
    }

    private async Task<long> StepAsync(Step step, long round, Branch branch)
    {
        var definition = new CheckpointDefinition(step.Name)
        {
            Retries = step.Retries,
            BackoffSeconds = step.Synchronous ? 0 : 0.2,
            TimeoutSeconds = step.Hangs ? LimitSeconds : 0,
            Parameters = Parameters,
        };
        object?[] arguments = [round, branch.Last];
        var value = step.Synchronous
            ? Blocking(() => CheckpointCalls.Run(definition, arguments, default, token => Body(step, round)))
            : await CheckpointCalls.RunAsync(definition, arguments, default, token => BodyAsync(step, round, token));
        log.Saw(run, value);
        branch.Last = value.Nonce;
        return value.Stable;
    }

    private T Blocking<T>(Func<T> call)
    {
        log.Blocking++;
        try
        {
            return call();
        }
        finally
        {
            log.Blocking--;
        }
    }

    private async Task<StepValue> BodyAsync(Step step, long round, CancellationToken cancellationToken)
    {
        var key = log.Began(run, FlowScope.Checkpoint!.Key);
        var fails = log.FailuresOf(run, key) < step.Failures;
        if (step.Hangs)
        {
            if (fails)
            {
                log.Failed(run, key);
                await lane.Delay(TimeSpan.FromHours(1), cancellationToken);
            }
            return log.Made(run, key, Expectation.ValueOf(step, round));
        }
        for (var hop = 0; hop < step.Hops; hop++)
            await lane.SomeTime();
        if (step.Lasts > TimeSpan.Zero)
            await lane.Delay(step.Lasts, cancellationToken);
        return End(step, round, key);
    }

    private StepValue Body(Step step, long round) => End(step, round, log.Began(run, FlowScope.Checkpoint!.Key));

    private StepValue End(Step step, long round, string key)
    {
        if (log.FailuresOf(run, key) >= step.Failures)
            return log.Made(run, key, Expectation.ValueOf(step, round));
        log.Failed(run, key);
        throw new StepFailedException(key);
    }

    private async Task<long> RaceAsync(Race race, long round, Branch branch)
    {
        var runners = race.Branches.Select(child => EvaluateAsync(child, round, branch.Fork())).ToArray();
        var winner = Array.IndexOf(runners, await Task.WhenAny(runners));
        Look($"{race.Id}/{round}", $"winner {winner}");
        if (!race.AwaitsRest)
            return race.Id;
        return (await Task.WhenAll(runners)).Aggregate(1L, Expectation.Mix);
    }

    private async Task<long> CaughtAsync(Caught caught, long round, Branch branch)
    {
        try
        {
            return await EvaluateAsync(caught.Body, round, branch);
        }
        catch (CheckpointFailedException)
        {
            return -caught.Id;
        }
    }

    private async Task<long> AskAsync(Question question, long round)
    {
        try
        {
            var answer = await Flow.WaitAsync<int>(question.Name, "How many?", question.Stays);
            Look($"{question.Id}/{round}", $"answer {answer}");
            return answer;
        }
        catch (WaitAbortedException) when (question.CatchesAbort)
        {
            Look($"{question.Id}/{round}", "aborted");
            return -question.Id;
        }
    }

    /// <summary>What one line of execution saw last; it becomes an argument, so that a later run that sees something else diverges.</summary>
    private sealed class Branch
    {
        public long Last { get; set; }

        public Branch Fork() => new() { Last = Last };
    }
}
