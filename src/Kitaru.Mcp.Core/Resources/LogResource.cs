using System.Globalization;
using System.Text;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Resources;

/// <summary>An execution's log: the newest lines, or those behind a place in it.</summary>
internal static class LogResource
{
    public static readonly IReadOnlyList<string> Levels = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];
    public static readonly IReadOnlyList<string> Sources = ["step", "runner", "all"];
    private const int LinesMax = 1000;
    private const int CharsMax = 60_000;

    public static KitaruResource Create() => new()
    {
        Pattern = new UriPattern("kitaru://executions/{exec_id}/logs{?checkpoint,level,source,after}"),
        Name = "logs",
        Title = "Log of an execution",
        Description =
            "What it printed and logged, as get_execution_logs answers it: the newest lines, or with after those behind that place, 0 for the beginning. What is left out is named with its uri.",
        MimeType = StoredValue.Text,
        Toolset = Toolsets.Executions,
        Suggests = ExecutionResources.Suggested(("checkpoint", Suggests.Checkpoints), ("level", Suggests.Levels), ("source", Suggests.Sources)),
        ReadAsync = ReadAsync,
        StateAsync = StateAsync,
    };

    private static async Task<IList<ResourceContents>> ReadAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var query = QueryOf(call);
        var id = (await ExecutionResources.FindAsync(call, cancellationToken)).Id;
        var entries = await (await call.Backend.OpenAsync(cancellationToken)).Logs.ReadAsync(query, cancellationToken);
        return Pieces.Text(call, query.FromStart ? FromStart(call, id, entries) : Newest(call, id, entries));
    }

    private static LogQuery QueryOf(ResourceCall call)
    {
        var source = call.WordOrNull("source", Sources) ?? "step";
        var after = call.NumberOrNull("after", 0, long.MaxValue);
        return new LogQuery
        {
            ExecutionId = call.ExecutionId,
            Checkpoint = call.QueryOrNull("checkpoint"),
            Level = call.WordOrNull("level", Levels),
            Source = source == "all" ? null : source,
            AfterId = after,
            FromStart = after is not null,
            Limit = LinesMax,
        };
    }

    private static async Task<ResourceState> StateAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var execution = await ExecutionResources.FindAsync(call, cancellationToken);
        var newest = await (await call.Backend.OpenAsync(cancellationToken)).Logs.ReadAsync(QueryOf(call) with { AfterId = null, FromStart = false, Limit = 1 }, cancellationToken);
        return new ResourceState($"{(newest.Count == 0 ? 0 : newest[0].Id)}", StatusWords.IsEnd(execution.Status));
    }

    private static string Newest(ResourceCall call, ExecutionId id, IReadOnlyList<LogEntry> entries)
    {
        var (chars, first) = (0, entries.Count);
        while (first > 0 && (first == entries.Count || chars + LineOf(entries[first - 1]).Length < CharsMax))
            chars += LineOf(entries[--first]).Length + 1;
        var text = Lines(entries.Skip(first));
        return first > 0 || entries.Count == LinesMax ? $"[older lines left out; from the beginning: {AddressOf(call, id, 0)}]\n{text}" : text;
    }

    private static string FromStart(ResourceCall call, ExecutionId id, IReadOnlyList<LogEntry> entries)
    {
        var (chars, end) = (0, 0);
        while (end < entries.Count && (end == 0 || chars + LineOf(entries[end]).Length < CharsMax))
            chars += LineOf(entries[end++]).Length + 1;
        var text = Lines(entries.Take(end));
        return end < entries.Count || entries.Count == LinesMax ? $"{text}\n[more lines: {AddressOf(call, id, entries[end - 1].Id)}]" : text;
    }

    private static string Lines(IEnumerable<LogEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
            text.Append(text.Length == 0 ? "" : "\n").Append(LineOf(entry));
        return text.Length == 0 ? LogJson.NoEntries : text.ToString();
    }

    private static string LineOf(LogEntry entry) => Texts.Clip(LogJson.Line(entry), CharsMax);

    private static string AddressOf(ResourceCall call, ExecutionId id, long after) => ResourceAddress.Of(
        ["executions", id.ToString(), "logs"], ("checkpoint", call.QueryOrNull("checkpoint")), ("level", call.QueryOrNull("level")), ("source", call.QueryOrNull("source")),
        ("after", after.ToString(CultureInfo.InvariantCulture)));
}
