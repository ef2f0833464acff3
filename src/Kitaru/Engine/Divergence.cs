using System.Text;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>The errors of a body that no longer asks for what was recorded; each shows both sides.</summary>
internal static class Divergence
{
    private const string NextStep =
        "The flow's code must make the same calls in the same order as when it was recorded. Let it go on with the code it was recorded with "
        + "(kitaru_executions_retry), run it from the last call both agree on (kitaru_executions_replay), or run it anew with kitaru_executions_run.";

    private static string NextStepOfReplay(ExecutionId original) =>
        $"The replay ran other code than was recorded. Replay with the recorded code: kitaru_executions_replay(exec_id={original}, from_, code=recorded); or start from an earlier call; "
        + "or run it anew with kitaru_executions_run.";

    /// <summary>Both sides of a call whose arguments changed.</summary>
    public static string Sides(JournalEntry recorded, StoredValue? now) => $"recorded {Show(recorded.Arguments)}, now {Show(now)}";

    public static KitaruDivergenceException NotAskedFor(ExecutionRecord execution, JournalEntry recorded, IEnumerable<PendingCall> pending) =>
        NotAskedFor(execution, Describe(recorded), pending);

    private static KitaruDivergenceException NotAskedFor(ExecutionRecord execution, string recorded, IEnumerable<PendingCall> pending)
    {
        var asked = string.Join(", ", pending.Select(call => $"'{call.Key}'"));
        asked = asked.Length == 0 ? "it asked for nothing that is recorded" : $"it waits for {asked}";
        return Error(execution,
            $"the journal has {recorded} next, but the flow did not ask for it; {asked}.", $"{recorded} is next", $"the flow did not ask for it; {asked}");
    }

    public static KitaruDivergenceException NotAskedFor(ExecutionRecord execution, ReplayOrder.Step recorded, IEnumerable<PendingCall> pending) =>
        NotAskedFor(execution, $"{recorded.Kind.ToString().ToLowerInvariant()} '{recorded.Key}' (number {recorded.Seq})", pending);

    public static KitaruDivergenceException NeverAskedFor(ExecutionRecord execution, IEnumerable<JournalEntry> recorded)
    {
        var left = string.Join(", ", recorded.Take(10).Select(Describe));
        return Error(execution, $"the flow ended without asking for {left}, which an earlier run recorded.", left, "the flow ended without asking for it");
    }

    public static KitaruDivergenceException OtherKind(ExecutionRecord execution, JournalEntry recorded, JournalKind asked)
    {
        var present = $"a {asked.ToString().ToLowerInvariant()} '{recorded.Key}'";
        return Error(execution, $"the flow asked for {present}, but the journal has {Describe(recorded)}.", Describe(recorded), present);
    }

    public static KitaruDivergenceException OtherArguments(ExecutionRecord execution, JournalEntry recorded, StoredValue? now) =>
        Error(execution,
            $"{Describe(recorded)} was recorded with the arguments {Show(recorded.Arguments)}, but the flow now calls it with {Show(now)}.",
            $"{Describe(recorded)} with the arguments {Show(recorded.Arguments)}", $"the same call with the arguments {Show(now)}");

    private static KitaruDivergenceException Error(ExecutionRecord execution, string what, string recorded, string present) =>
        new($"Flow '{execution.FlowName}' diverged from its journal: {what}", execution.Id, execution.OriginalId is { } original ? NextStepOfReplay(original) : NextStep)
        {
            Sides = new DivergenceSides(recorded, present, LastAgreed: null),
        };

    private static string Describe(JournalEntry entry) => $"{entry.Kind.ToString().ToLowerInvariant()} '{entry.Key}' (number {entry.Seq})";

    private static string Show(StoredValue? arguments) => arguments?.Inline is { } bytes
        ? Texts.Short(Encoding.UTF8.GetString(bytes), 500)
        : "(not recorded: none, or larger than 2 KiB)";
}
