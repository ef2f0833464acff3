using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpLogs(HttpCalls calls) : ILogs
{
    public Task AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken = default) =>
        calls.WriteAsync(HttpMethod.Post, $"executions/{id}/logs", new LogBody { Entries = entries }, cancellationToken, Repeat.Never);

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, CancellationToken cancellationToken = default) => (await calls.GetAsync<ListBody<LogEntry>>(
        new Query($"executions/{query.ExecutionId}/logs")
            .Add("checkpoint", query.Checkpoint)
            .Add("source", query.Source)
            .Add("level", query.Level)
            .Add("since", query.Since)
            .Add("after_id", query.AfterId)
            .Add("limit", query.Limit)
            .Add("from_start", query.FromStart),
        cancellationToken).ConfigureAwait(false)).Items;
}
