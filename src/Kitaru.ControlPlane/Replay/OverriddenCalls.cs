using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>The calls of the source whose outputs are given, with the values in the form of the recorded ones.</summary>
internal sealed class OverriddenCalls
{
    private readonly Dictionary<string, StoredValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _matched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JournalEntry> _recorded;
    private readonly ReplayPlanner _planner;
    private readonly ExecutionId _source;

    public OverriddenCalls(ReplayRequest request, ExecutionRows rows, ReplaySelectors selectors, ReplayPlanner planner)
    {
        (_source, _planner) = (request.Source, planner);
        _recorded = rows.Journal.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        foreach (var (selector, value) in request.Outputs)
        {
            var call = selectors.Checkpoint(selector, "overrides");
            if (!TryAdd(call, value))
                throw new KitaruUsageException($"Checkpoint '{call.Key}' is overridden twice.", "Give each call one value.");
            _matched["checkpoint." + selector] = [call.Key];
        }
        // The nearer a name is to one call, the more it counts: a call named by itself, then a repeat, then all calls of a checkpoint.
        var groups = request.CheckpointOutputs
            .Select(pair => (pair.Key, pair.Value, Calls: selectors.Calls(pair.Key, "checkpoint_overrides")))
            .OrderBy(group => group.Calls[0].Name == group.Key.Trim());
        foreach (var group in groups)
            _matched["checkpoint:" + group.Key] = [.. group.Calls.Where(call => TryAdd(call, group.Value)).Select(call => call.Key)];
        Keys = _values.Keys.ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Matched => _matched;

    public IReadOnlySet<string> Keys { get; }

    public StoredValue ValueOf(string key) => _values[key];

    private bool TryAdd(RecordedCall call, JsonNode? value)
    {
        if (_values.ContainsKey(call.Key))
            return false;
        if (!call.HasOutput)
            throw new KitaruStateException($"Checkpoint '{call.Key}' of execution {_source} has no output that could be overridden.", "Override a checkpoint that completed with a value.");
        if (!_planner.HasFollowers(call.Key))
        {
            throw new KitaruStateException(
                $"Nothing follows on checkpoint '{call.Key}' of execution {_source}, so its output cannot be overridden.", "Replay from that checkpoint instead, or override an earlier one.");
        }
        _values.Add(call.Key, OverriddenValue.Of(call.Key, _recorded[call.Key].Value!, value));
        return true;
    }
}
