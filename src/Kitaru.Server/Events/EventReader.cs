using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Server.Events;

/// <summary>One event with the cursor behind it.</summary>
internal sealed record ServerEvent(string Name, JsonObject Data, EventCursor After);

/// <summary>Finds what a listener has not been told, in what the store says now.</summary>
internal sealed class EventReader(IControlPlane plane, ExecutionId id)
{
    private const int LinesMax = 1000;

    /// <summary>New events in order, and whether the execution has ended.</summary>
    public async Task<(IReadOnlyList<ServerEvent> Events, bool HasEnded)> ReadAsync(EventCursor cursor, CancellationToken cancellationToken)
    {
        // The state first: whatever was logged before the end is then in the lines that are read.
        var detail = await plane.Executions.GetAsync(id, cancellationToken);
        var events = new List<ServerEvent>();
        var hasEnded = StatusWords.IsEnd(detail.Execution.Status);
        if (!hasEnded)
            cursor = AddStatus(events, cursor, detail);
        foreach (var wait in detail.Waits.Where(wait => !cursor.Waits.TryGetValue(wait.Id.ToString(), out var told) || told != wait.Status).ToList())
        {
            var waits = new Dictionary<string, WaitStatus>(cursor.Waits) { [wait.Id.ToString()] = wait.Status };
            Add("wait", WaitJson.Full(wait), cursor with { Waits = waits });
        }
        var (seq, endedAt) = (cursor.Seq, cursor.EndedAt);
        foreach (var call in detail.Calls.Where(call => call.Seq is { } at && (at > seq || call.EndedAt > endedAt)).OrderBy(call => call.Seq))
            Add("checkpoint", CallJson.Of(call), cursor with { Seq = call.Seq!.Value, EndedAt = cursor.EndedAt > call.EndedAt ? cursor.EndedAt : call.EndedAt });
        var isMore = await AddLinesAsync();
        if (hasEnded && !isMore)
            cursor = AddStatus(events, cursor, detail);
        return (events, hasEnded && !isMore);

        void Add(string name, JsonObject data, EventCursor after) => events.Add(new ServerEvent(name, data, cursor = after));

        async Task<bool> AddLinesAsync()
        {
            var lines = await plane.Logs.ReadAsync(new LogQuery { ExecutionId = id, AfterId = cursor.Log, FromStart = true, Limit = LinesMax }, cancellationToken);
            foreach (var line in lines)
                Add("log", LogJson.Of(line), cursor with { Log = line.Id });
            return lines.Count == LinesMax;
        }
    }

    private static EventCursor AddStatus(List<ServerEvent> events, EventCursor cursor, ExecutionDetail detail)
    {
        var execution = detail.Execution;
        var status = $"{execution.Status}/{execution.Reopened}/{execution.RetriesUsed}";
        if (status == cursor.Status)
            return cursor;
        var after = cursor with { Status = status };
        events.Add(new ServerEvent("status", ExecutionJson.Summary(execution), after));
        return after;
    }
}
