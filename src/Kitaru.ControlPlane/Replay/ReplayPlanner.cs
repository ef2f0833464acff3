using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>
/// Decides for every recorded call whether a replay reuses, overrides or runs it (runtime.md 6.1). What runs: the call it starts from,
/// everything that followed directly on an overridden output, whatever followed on those, what never finished, and what made the source fail. A pure function.
/// </summary>
internal sealed class ReplayPlanner
{
    private readonly IReadOnlyList<RecordedCall> _calls;
    private readonly Dictionary<string, RecordedCall> _byKey;
    private readonly ILookup<string, RecordedCall> _followers;

    public ReplayPlanner(IReadOnlyList<RecordedCall> calls)
    {
        _calls = calls;
        _byKey = calls.ToDictionary(call => call.Key, StringComparer.Ordinal);
        _followers = calls.SelectMany(call => call.Parents.Select(parent => (parent, call))).ToLookup(edge => edge.parent, edge => edge.call, StringComparer.Ordinal);
    }

    /// <summary>One step for each recorded call, in the order given.</summary>
    /// <param name="from">Key of the call it starts from.</param>
    /// <param name="overridden">Keys of the calls whose output is given.</param>
    /// <param name="skipped">Keys of the calls to reuse whatever they follow on.</param>
    public IReadOnlyList<ReplayStep> Plan(string from, IReadOnlySet<string> overridden, IReadOnlySet<string> skipped)
    {
        var running = new Dictionary<string, string>(StringComparer.Ordinal);
        var next = new Queue<RecordedCall>();
        Add(_byKey[from], "the replay starts here");
        foreach (var key in overridden)
        {
            foreach (var follower in _followers[key])
                Add(follower, $"it follows on '{key}', whose output is overridden");
        }
        foreach (var call in _calls.Where(call => call.EndedIt && !skipped.Contains(call.Key)))
            Add(call, "its failure ended the execution");
        while (next.TryDequeue(out var call))
        {
            foreach (var follower in _followers[call.Key])
                Add(follower, $"it follows on '{call.Key}'");
        }
        return [.. _calls.Select(Decide)];

        void Add(RecordedCall call, string reason)
        {
            if (running.TryAdd(call.Key, reason))
                next.Enqueue(call);
        }

        ReplayStep Decide(RecordedCall call)
        {
            if (overridden.Contains(call.Key))
                return Step(call, ReplayAction.Overridden, "its output is given");
            if (call.Seq is null)
                return Step(call, ReplayAction.Run, running.GetValueOrDefault(call.Key) ?? "it had not finished");
            if (skipped.Contains(call.Key))
                return Step(call, ReplayAction.Reused, "it was asked to be skipped");
            return running.TryGetValue(call.Key, out var reason)
                ? Step(call, ReplayAction.Run, reason)
                : Step(call, ReplayAction.Reused, "it follows on nothing that runs again");
        }
    }

    /// <summary>Whether anything followed on the call; what has not finished may have.</summary>
    public bool HasFollowers(string key) => _followers[key].Any() || _calls.Any(call => call.Seq is null);

    private static ReplayStep Step(RecordedCall call, ReplayAction action, string reason) => new(call.Key, call.Kind, call.CallId, call.Seq, action, reason);
}
