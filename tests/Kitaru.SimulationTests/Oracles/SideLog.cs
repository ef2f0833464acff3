using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.SimulationTests.Programs;
using Kitaru.SimulationTests.World;

namespace Kitaru.SimulationTests.Oracles;

/// <summary>
/// What bodies did and saw and what callers were told, kept outside of the store. Some promises are checked here, the moment they are broken.
/// </summary>
/// <param name="scheduler">Counts the steps.</param>
/// <param name="story">Told everything, for people; null to save the time.</param>
internal sealed class SideLog(Scheduler scheduler, Action<string>? story)
{
    private readonly Dictionary<(ExecutionId, string Key), Acknowledged> _acknowledged = [];
    private readonly Dictionary<(ExecutionId, string Key), long> _forgotten = [];
    private readonly Dictionary<(ExecutionId, string Key), int> _failures = [];
    private readonly Dictionary<(ExecutionId, string Place), string> _looks = [];
    private readonly Dictionary<(ExecutionId, string Key), StepValue> _seen = [];
    private readonly Dictionary<ExecutionId, (int Rows, string Why)> _ended = [];
    private readonly Dictionary<(ExecutionId, string Wait), string> _answers = [];
    private long _nonces;

    /// <summary>How many synchronous checkpoints are on the stack: nothing may be delayed then.</summary>
    public int Blocking { get; set; }

    public IEnumerable<Acknowledged> Commits => _acknowledged.Values;

    public IEnumerable<(ExecutionId Execution, StepValue Value)> Seen => _seen.Select(pair => (pair.Key.Item1, pair.Value));

    public IReadOnlyDictionary<ExecutionId, (int Rows, string Why)> Ended => _ended;

    public IReadOnlyDictionary<(ExecutionId Execution, string Wait), string> Answers => _answers;

    /// <summary>The body of a call begins.</summary>
    public string Began(RunNote run, string key)
    {
        scheduler.Note((ulong)key.Length);
        Tell(run.Execution, $"epoch {run.Epoch} begins '{key}'");
        // A worker that was paused may begin what its successor has ended meanwhile; nobody can hinder it, and nothing of it is kept.
        if (_acknowledged.TryGetValue((run.Execution, key), out var done) && (done.At < run.ClaimedAt || done.Epoch == run.Epoch))
            throw Broke(run.Execution, $"call '{key}' runs again at step {scheduler.Steps}, although its outcome was acknowledged at step {done.At}");
        return key;
    }

    public int FailuresOf(RunNote run, string key) => _failures.GetValueOrDefault((run.Execution, key));

    public void Failed(RunNote run, string key) => _failures[(run.Execution, key)] = FailuresOf(run, key) + 1;

    public StepValue Made(RunNote run, string key, long stable)
    {
        _ = run;
        return new StepValue(key, stable, ++_nonces);
    }

    /// <summary>The flow body sees a value.</summary>
    public void Saw(RunNote run, StepValue value)
    {
        Tell(run.Execution, $"epoch {run.Epoch} sees {value}");
        if (_seen.TryGetValue((run.Execution, value.Key), out var before) && before != value)
            throw Broke(run.Execution, $"the body sees {value} where an earlier run saw {before}");
        _seen[(run.Execution, value.Key)] = value;
    }

    /// <summary>The flow body sees something else that must be the same on every run.</summary>
    public void Looked(RunNote run, string place, string what)
    {
        var key = (run.Execution, $"{run.Try}:{place}");
        Tell(run.Execution, $"epoch {run.Epoch} sees '{what}' at {place}");
        if (_looks.TryGetValue(key, out var before) && before != what)
            throw Broke(run.Execution, $"the body sees '{what}' at {key.Item2}, where an earlier run saw '{before}'");
        _looks[key] = what;
    }

    /// <summary>The store said that an outcome is durable.</summary>
    public void Committed(Lease lease, JournalEntry entry)
    {
        var place = (lease.ExecutionId, entry.Key);
        scheduler.Note((ulong)entry.Seq + (ulong)entry.Key.Length * 100);
        Tell(lease.ExecutionId, $"epoch {lease.Epoch} committed '{entry.Key}' as number {entry.Seq}, {entry.Status}");
        // A worker that has lost its lease long since may hear of its failed call when that is forgotten already.
        if (entry.Status == JournalStatus.Failed && _forgotten.TryGetValue(place, out var epoch) && lease.Epoch < epoch)
            return;
        if (_acknowledged.TryGetValue(place, out var before))
            throw Broke(lease.ExecutionId, $"call '{entry.Key}' was committed twice, as number {before.Entry.Seq} and as number {entry.Seq}");
        _acknowledged.Add(place, new Acknowledged(lease.ExecutionId, lease.Epoch, entry, scheduler.Steps));
    }

    /// <summary>Failed calls may be forgotten, whatever the answer to the write that says so.</summary>
    public void Forgot(Lease lease, IEnumerable<string> keys)
    {
        foreach (var place in keys.Select(key => (lease.ExecutionId, key)))
        {
            _forgotten[place] = lease.Epoch;
            if (_acknowledged.TryGetValue(place, out var done) && done.Entry.Status == JournalStatus.Failed)
                _acknowledged.Remove(place);
        }
    }

    /// <summary>A failed execution may have been opened again: it goes on, and its failed calls with it.</summary>
    public void Reopened(ExecutionId execution)
    {
        Tell(execution, "is retried");
        _ended.Remove(execution);
        foreach (var call in _acknowledged.Where(call => call.Key.Item1 == execution && call.Value.Entry.Status == JournalStatus.Failed).Select(call => call.Key).ToArray())
            _acknowledged.Remove(call);
    }

    /// <summary>Somebody was told that the execution has ended.</summary>
    public void Told(ExecutionId execution, int rows, string why) => _ended.TryAdd(execution, (rows, why));

    /// <summary>Somebody was told that this is a wait's answer.</summary>
    public void Answered(ExecutionId execution, string wait, string answer)
    {
        if (_answers.TryGetValue((execution, wait), out var before) && before != answer)
            throw Broke(execution, $"wait '{wait}' was answered twice: {before} and {answer}");
        _answers[(execution, wait)] = answer;
    }

    /// <summary>Adds a line to the story.</summary>
    public void Tell(ExecutionId execution, string what) =>
        story?.Invoke($"{scheduler.Steps,6} {scheduler.Now:mm:ss.ffffff} …{execution.ToString()[^4..]} {what}");

    public static string HashOf(StepValue value) => ValueCodec.Encode(value, typeof(StepValue)).Hash;

    /// <summary>The first promise that was broken, in case whoever broke it swallows the exception.</summary>
    public ViolationException? Broken { get; private set; }

    private ViolationException Broke(ExecutionId execution, string what) => Broken ??= Violation(execution, what);

    public static ViolationException Violation(ExecutionId execution, string what) => new($"Execution {execution}: {what}.");

    /// <summary>A commit that the engine was told of.</summary>
    internal sealed record Acknowledged(ExecutionId Execution, long Epoch, JournalEntry Entry, long At);
}
