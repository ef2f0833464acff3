using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Logs;

/// <summary>get_execution_logs.</summary>
internal static class LogsTool
{
    private const int CharsMax = 60_000;
    private static readonly string[] Levels = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    public static KitaruTool Create() => new()
    {
        Name = "get_execution_logs",
        Title = "Read an execution's log",
        Description =
            "Reads what an execution printed and logged, one line per entry: time, LEVEL, [checkpoint], message. The newest lines that match, oldest of them first. "
            + "Use it to see what a flow is doing or what led to a failure: level=\"WARNING\" first, checkpoint for one call, source=\"runner\" when the worker itself "
            + $"had trouble. No line matches: \"{LogJson.NoEntries}\".",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Text("checkpoint", "Only lines of this checkpoint call, such as fetch_2.", example: "fetch"),
            Argument.Words("source", "step: the flow and its checkpoints; runner: the worker's own.", ["step", "runner", "all"], preset: "step"),
            Argument.Integer("limit", "Most lines to answer.", least: 1, most: 1000, preset: 200),
            Argument.Words("level", "This level and above.", Levels),
            Argument.Text("since", "Lines from this time on, ISO-8601.", example: "2026-06-16T08:30:00Z"),
        ],
        Output = ResultSchema.Text("The lines, joined by newlines."),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var checkpoint = call.TextOrNull("checkpoint")?.Trim();
        var source = call.Text("source");
        if (checkpoint is { Length: 0 })
            throw ArgumentCheck.Error("checkpoint", "the name of a checkpoint call", call.Any("checkpoint"), "fetch");
        if (checkpoint is not null && source == "runner")
            throw new KitaruUsageException(
                "Arguments 'checkpoint' and source 'runner' exclude each other: the worker's own lines belong to no checkpoint.",
                "Call again without checkpoint, or with source=step.");
        var query = new LogQuery
        {
            ExecutionId = call.ExecutionId("exec_id"),
            Checkpoint = checkpoint,
            Source = source == "all" ? null : source,
            Level = call.TextOrNull("level"),
            Since = call.TimeOrNull("since"),
            Limit = call.Integer("limit"),
        };
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var entries = await kitaru.Logs.ReadAsync(query, cancellationToken);
        // Lines are of an execution that there is.
        if (entries.Count == 0 && await kitaru.Executions.FindAsync(query.ExecutionId, cancellationToken) is null)
            throw new KitaruNotFoundException($"There is no execution {query.ExecutionId}.", "List executions with kitaru_executions_list.");
        return ToolAnswer.OfText(Newest(entries));
    }

    private static string Newest(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0)
            return LogJson.NoEntries;
        var lines = new string[entries.Count];
        var (chars, first) = (0, entries.Count);
        while (first > 0 && (chars += (lines[first - 1] = LogJson.Line(entries[first - 1])).Length + 1) <= CharsMax)
            first--;
        if (first == 0)
            return string.Join('\n', lines);
        if (first == entries.Count)
            return $"[cut to {CharsMax} characters]\n" + lines[^1][..CharsMax];
        return $"[{first} older lines left out: ask for fewer, or filter by checkpoint, level or since]\n" + string.Join('\n', lines.AsSpan(first)!);
    }
}
