using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpWaits(HttpCalls calls) : IWaits
{
    public async Task<IReadOnlyList<WaitRecord>> ListPendingAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        (await calls.GetAsync<ListBody<WaitRecord>>($"executions/{id}/waits", cancellationToken).ConfigureAwait(false)).Items;

    public Task<WaitRecord> AnswerAsync(ExecutionId id, string wait, JsonNode? answer, string by, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<WaitRecord>(HttpMethod.Post, $"executions/{id}/waits/answer", new AnswerBody { Wait = wait, Value = answer, By = by }, Repeat.Safe, cancellationToken);

    public Task<WaitRecord> AbortAsync(ExecutionId id, string wait, string by, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<WaitRecord>(HttpMethod.Post, $"executions/{id}/waits/abort", new AbortBody(by) { Wait = wait }, Repeat.Safe, cancellationToken);
}
