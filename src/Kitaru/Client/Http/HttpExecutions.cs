using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Core.Json;

namespace Kitaru.Client.Http;

internal sealed class HttpExecutions(HttpCalls calls, HttpChanges changes, HttpValues values) : IExecutions
{
    public async Task<ExecutionRecord> CreateAsync(NewExecution execution, CancellationToken cancellationToken = default)
    {
        var inputs = await values.KeepAsync(execution.Inputs, cancellationToken).ConfigureAwait(false);
        // It has an id already: a second time it is found.
        return await calls.ChangeAsync<ExecutionRecord>(HttpMethod.Post, "executions", execution with { Inputs = inputs }, Repeat.Safe, cancellationToken).ConfigureAwait(false);
    }

    public Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        calls.FindAsync<ExecutionRecord>("execution", $"executions/{id}", cancellationToken);

    public Task<ExecutionDetail> GetAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        calls.GetAsync<ExecutionDetail>($"executions/{id}/detail", cancellationToken);

    public Task<Page<ExecutionRecord>> ListAsync(ExecutionQuery query, CancellationToken cancellationToken = default) => calls.GetAsync<Page<ExecutionRecord>>(
        new Query("executions")
            .Add("status", query.Statuses.Select(status => SnakeCase.Of(status.ToString())))
            .Add("flow", query.Flow)
            .Add("stack", query.Stack)
            .Add("tag", query.Tags)
            .Add("since", query.Since)
            .Add("until", query.Until)
            .Add("original_id", query.OriginalId?.ToString())
            .Add("deployment_id", query.Deployment?.ToString())
            .Add("limit", query.Limit)
            .Add("cursor", query.Cursor),
        cancellationToken);

    public Task<ExecutionRecord> CancelAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ExecutionRecord>(HttpMethod.Post, $"executions/{id}/cancel", new CancelBody(by), Repeat.Safe, cancellationToken);

    public Task<ExecutionRecord> RetryAsync(ExecutionId id, SnapshotId? code, string by, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ExecutionRecord>(HttpMethod.Post, $"executions/{id}/retry", new RetryBody(code, by), Repeat.Keyed, cancellationToken);

    public async Task<bool> ResumeAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default) =>
        (await calls.ChangeAsync<ResumedBody>(HttpMethod.Post, $"executions/{id}/resume", new ResumeBody(by), Repeat.Keyed, cancellationToken).ConfigureAwait(false)).Resumed;

    public Task<ExecutionRecord> TagAsync(
        ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ExecutionRecord>(HttpMethod.Post, $"executions/{id}/tags", new TagsBody(add, remove), Repeat.Safe, cancellationToken);

    public Task<Explanation> ExplainAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        calls.GetAsync<Explanation>($"executions/{id}/explain", cancellationToken);

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken = default) => changes.WaitAsync(seen, cancellationToken);
}
