using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Finds the calls a replay's selectors mean: by invocation name or call id (runtime.md 6.1).</summary>
internal sealed class ReplaySelectors(ExecutionId source, IReadOnlyList<RecordedCall> calls)
{
    private const int NamesShownMax = 40;

    /// <summary>A checkpoint, or a wait to be asked again.</summary>
    public RecordedCall Start(string selector) => Find(selector, ReplayRequest.FromArgument, calls.Where(call => call.Kind != JournalKind.Sleep));

    /// <summary>A checkpoint.</summary>
    public RecordedCall Checkpoint(string selector, string argument) => Find(selector, argument, calls.Where(call => call.Kind == JournalKind.Checkpoint));

    /// <summary>Every call of the checkpoint with this name; the name of a repeat means that call only (runtime.md 6.2).</summary>
    public IReadOnlyList<RecordedCall> Calls(string selector, string argument)
    {
        var text = selector.Trim();
        var checkpoints = calls.Where(call => call.Kind == JournalKind.Checkpoint).ToList();
        var all = checkpoints.Where(call => call.Name == text).ToList();
        if (all.Count == 0)
            return [Checkpoint(text, argument)];
        if (checkpoints.Find(call => call.Key == text && call.Name != text) is { } repeat)
        {
            throw new KitaruStateException(
                $"{argument} '{Texts.Short(text)}' is both the name of a checkpoint of execution {source} and a repeat of '{repeat.Name}'.", "Name the calls one by one in invocation_overrides.");
        }
        return all;
    }

    private RecordedCall Find(string selector, string argument, IEnumerable<RecordedCall> among)
    {
        var text = selector.Trim();
        if (text.Length == 0)
            throw new KitaruUsageException($"{argument} is blank: expected a call's name or call id.", "The names are in checkpoints of kitaru_executions_get.");
        var candidates = among.ToList();
        var found = candidates.Where(call => call.Key == text || call.CallId.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        // An explicit key of its own hides a checkpoint's name: that still means its only call.
        if (found.Count == 0)
            found = [.. candidates.Where(call => call.Name == text)];
        if (found is [var only])
            return only;
        if (found.Count > 1)
            throw new KitaruStateException($"{argument} '{Texts.Short(text)}' means {found.Count} calls of execution {source}.", "Pass the call's id instead: call_id in checkpoints of kitaru_executions_get.");
        var names = candidates.Select(call => call.Key).ToList();
        var shown = string.Join(", ", names.Take(NamesShownMax)) + (names.Count > NamesShownMax ? $" and {names.Count - NamesShownMax} more" : "");
        throw new KitaruStateException(
            $"Execution {source} has no call '{Texts.Short(text)}'{(argument == ReplayRequest.FromArgument ? " to start from" : $" ({argument})")}. It has: {shown}.{Texts.DidYouMean(text, names)}",
            "Pass one of these names, or a call_id from checkpoints of kitaru_executions_get.")
        {
            Details = new JsonObject { ["argument"] = argument, ["got"] = Texts.Short(text), ["nearest"] = Texts.Nearest(text, names) },
        };
    }
}
