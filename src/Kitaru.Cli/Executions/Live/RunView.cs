using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions.Live;

/// <summary>An execution as the lines of a live view: itself, its latest checkpoint calls with status and duration, and what it asks.</summary>
internal static class RunView
{
    private const int NameMax = 48;
    private const int LeastRows = 3;
    private const int MostRows = 20;

    /// <summary>Rows that are left to what scrolls by above.</summary>
    private const int RowsAbove = 6;

    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    public static IReadOnlyList<IReadOnlyList<Cell>> Lines(ExecutionRecord execution, IReadOnlyList<CallRecord> calls, int terminalRows, int tick, DateTimeOffset now)
    {
        var shown = Math.Clamp(terminalRows - RowsAbove, LeastRows, MostRows);
        var latest = calls.Skip(Math.Max(0, calls.Count - shown)).ToList();
        var name = Math.Min(NameMax, latest.Select(call => call.Name.Length).Concat(execution.PendingWaits.Select(wait => wait.Name.Length)).DefaultIfEmpty(0).Max());
        var lines = new List<IReadOnlyList<Cell>> { Head(execution, calls, tick, now) };
        if (calls.Count > latest.Count)
            lines.Add([new Cell($"  … {calls.Count - latest.Count} earlier", Tone.Muted)]);
        lines.AddRange(latest.Select(call => Line(call, name, tick, now)));
        lines.AddRange(execution.PendingWaits.Select(wait => (IReadOnlyList<Cell>)
            [Cell.Status("waiting") with { Text = "  ? " }, Padded(wait.Name, name), Cell.Status("waiting") with { Text = "  waiting    " }, new Cell(DurationText.Of(now - wait.EnteredAt), Tone.Muted)]));
        return lines;
    }

    private static List<Cell> Head(ExecutionRecord execution, IReadOnlyList<CallRecord> calls, int tick, DateTimeOffset now)
    {
        var word = StatusWords.Of(execution.Status);
        var reason = execution.Status is ExecutionStatus.Queued or ExecutionStatus.Sleeping ? $" ({StatusWords.Reason(execution)})" : "";
        var done = calls.Count(call => call.Status == ExecutionStatus.Completed);
        var count = calls.Count == 0 ? "" : $"  {done} of {calls.Count} checkpoints done";
        return
        [
            Mark(word, tick), new Cell(execution.FlowName, Tone.Strong), "  ", Cell.Status(word) with { Text = word + reason },
            new Cell($"  {DurationText.Between(execution.StartedAt ?? execution.CreatedAt, execution.EndedAt, now)}{count}", Tone.Muted),
        ];
    }

    private static List<Cell> Line(CallRecord call, int name, int tick, DateTimeOffset now)
    {
        var word = StatusWords.Of(call.Status);
        var more = call switch
        {
            { CachedCallId: not null } => "  from the cache",
            { OriginalCallId: not null } => "  reused",
            { Attempts.Count: > 1 } => $"  attempt {call.Attempts.Count}",
            _ => "",
        };
        return ["  ", Mark(word, tick), Padded(call.Name, name), "  ", Cell.Status(word) with { Text = word.PadRight(9) }, new Cell($"  {DurationText.Between(call.StartedAt, call.EndedAt, now)}{more}", Tone.Muted)];
    }

    private static Cell Padded(string name, int width) => TextWidth.Cut(Clean.Line(name), width).PadRight(width);

    private static Cell Mark(string word, int tick) => Cell.Status(word) with
    {
        Text = word switch
        {
            "completed" => "✓ ",
            "failed" => "✗ ",
            "cancelled" => "– ",
            "waiting" => "? ",
            _ => Spinner[tick % Spinner.Length] + " ",
        },
    };
}
