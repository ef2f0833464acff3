using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Finds the calls a replay's selectors mean: by invocation name or call id (runtime.md 6.1).</summary>
internal sealed class ReplaySelectors(ExecutionId source, IReadOnlyList<RecordedCall> calls)
{
    private const int NamesShownMax = 40;

    /// <summary>A checkpoint, or a wait to be asked again.</summary>
    public RecordedCall Start(string selector) => Find(selector, "from_", calls.Where(call => call.Kind != JournalKind.Sleep));

    /// <summary>A checkpoint.</summary>
    public RecordedCall Checkpoint(string selector, string argument) => Find(selector, argument, calls.Where(call => call.Kind == JournalKind.Checkpoint));

    private RecordedCall Find(string selector, string argument, IEnumerable<RecordedCall> among)
    {
        var text = selector.Trim();
        if (text.Length == 0)
            throw new KitaruUsageException($"{argument} is blank: expected a call's name or call id.", "The names are in checkpoints of kitaru_executions_get.");
        var candidates = among.ToList();
        var found = candidates.Where(call => call.Key == text || call.CallId.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found is [var only])
            return only;
        if (found.Count > 1)
            throw new KitaruStateException($"{argument} '{Texts.Short(text)}' means {found.Count} calls of execution {source}.", "Pass the call's id instead: call_id in checkpoints of kitaru_executions_get.");
        var names = candidates.Select(call => call.Key).ToList();
        var shown = string.Join(", ", names.Take(NamesShownMax)) + (names.Count > NamesShownMax ? $" and {names.Count - NamesShownMax} more" : "");
        throw new KitaruStateException(
            $"Execution {source} has no call '{Texts.Short(text)}' ({argument}). It has: {shown}.{Texts.DidYouMean(text, names)}",
            "Pass one of these names, or a call_id from checkpoints of kitaru_executions_get.");
    }
}
