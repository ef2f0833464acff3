using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <summary>Executions: read and steered.</summary>
public sealed partial class ExecutionsClient
{
    private readonly KitaruClient _client;

    internal ExecutionsClient(KitaruClient client) => _client = client;

    /// <summary>A handle of an execution that was started before, here or elsewhere; nothing is read yet.</summary>
    public ExecutionHandle Handle(ExecutionId id) => new(_client, id);

    /// <summary>The execution with its calls, artifacts and waits.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<ExecutionDetail> GetAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.GetAsync(id, cancellationToken).ConfigureAwait(false);

    /// <summary>A page of executions, newest first.</summary>
    public async Task<Page<ExecutionRecord>> ListAsync(ExecutionQuery? query = null, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.ListAsync(query ?? new ExecutionQuery(), cancellationToken).ConfigureAwait(false);

    /// <summary>Counts executions in groups and computes metrics of each group, in the database.</summary>
    /// <exception cref="KitaruUsageException">The query breaks one of the <see cref="StatisticsRules"/>.</exception>
    public async Task<StatisticsResult> StatisticsAsync(StatisticsQuery? query = null, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Statistics.ComputeAsync(query ?? new StatisticsQuery(), cancellationToken).ConfigureAwait(false);

    /// <summary>The newest execution that matches.</summary>
    /// <exception cref="KitaruLookupException">None matches.</exception>
    public async Task<ExecutionDetail> LatestAsync(ExecutionQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new ExecutionQuery();
        var page = await ListAsync(query with { Limit = 1, Cursor = null }, cancellationToken).ConfigureAwait(false);
        if (page.Items is [var newest])
            return await GetAsync(newest.Id, cancellationToken).ConfigureAwait(false);
        var filters = new[]
        {
            query.Flow is null ? null : $"flow '{query.Flow}'",
            query.Stack is null ? null : $"stack '{query.Stack}'",
            query.Statuses.Count == 0 ? null : $"status {string.Join(" or ", query.Statuses.Select(status => status.ToString().ToLowerInvariant()))}",
            query.Tags.Count == 0 ? null : $"tags {string.Join(", ", query.Tags)}",
        }.OfType<string>().ToArray();
        throw new KitaruLookupException(
            filters.Length == 0 ? "There is no execution in the current project." : $"No execution matches {string.Join(", ", filters)}.",
            "List executions without filters, or start one with kitaru_executions_run.");
    }

    /// <summary>The newest lines of an execution's output, oldest first.</summary>
    public async Task<IReadOnlyList<LogEntry>> LogsAsync(LogQuery query, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Logs.ReadAsync(query, cancellationToken).ConfigureAwait(false);

    /// <summary>Ends an execution as cancelled. Cancelled already: returned unchanged.</summary>
    /// <exception cref="KitaruStateException">It is completed or failed.</exception>
    public Task<ExecutionRecord> CancelAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.CancelAsync", new JsonObject { ["id"] = id.ToString() },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.CancelAsync(id, _client.Principal, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Answers a wait by name or id; the execution goes on by itself.</summary>
    /// <inheritdoc cref="IWaits.AnswerAsync"/>
    public Task<WaitRecord> InputAsync(ExecutionId id, string wait, JsonNode? value, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.InputAsync", new JsonObject { ["id"] = id.ToString(), ["wait"] = wait, ["value"] = value?.DeepClone() },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Waits.AnswerAsync(id, wait, value, _client.Principal, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Pending waits, oldest first.</summary>
    public async Task<IReadOnlyList<WaitRecord>> PendingWaitsAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Waits.ListPendingAsync(id, cancellationToken).ConfigureAwait(false);

    /// <summary>Aborts a wait: the flow sees <see cref="WaitAbortedException"/> there.</summary>
    public Task<WaitRecord> AbortWaitAsync(ExecutionId id, string wait, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.AbortWaitAsync", new JsonObject { ["id"] = id.ToString(), ["wait"] = wait },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Waits.AbortAsync(id, wait, _client.Principal, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Makes an execution that waits for nothing runnable now; false when there was nothing to do.</summary>
    public Task<bool> ResumeAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.ResumeAsync", new JsonObject { ["id"] = id.ToString() },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.ResumeAsync(id, _client.Principal, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Where an execution stands, in words, with evidence and the calls that make sense now.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<Explanation> ExplainAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.ExplainAsync(id, cancellationToken).ConfigureAwait(false);

    /// <summary>Adds and removes labels, whatever the status.</summary>
    /// <inheritdoc cref="IExecutions.TagAsync"/>
    public Task<ExecutionRecord> TagAsync(
        ExecutionId id, IReadOnlyList<string>? add = null, IReadOnlyList<string>? remove = null, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.TagAsync", new JsonObject { ["id"] = id.ToString(), ["add"] = new JsonArray([.. (add ?? []).Select(tag => (JsonNode)tag)]), ["remove"] = new JsonArray([.. (remove ?? []).Select(tag => (JsonNode)tag)]) },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.TagAsync(id, add ?? [], remove ?? [], cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Deletes an ended execution with all its data, for good.</summary>
    /// <inheritdoc cref="IRetention.DeleteAsync"/>
    public Task<DeletedExecution> DeleteAsync(ExecutionId id, bool dryRun = false, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.DeleteAsync", new JsonObject { ["id"] = id.ToString(), ["dry_run"] = dryRun },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Retention.DeleteAsync(id, dryRun, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Deletes ended executions by age; a dry run unless <see cref="PruneQuery.DryRun"/> is false.</summary>
    /// <inheritdoc cref="IRetention.PruneAsync"/>
    public Task<PruneResult> PruneAsync(PruneQuery query, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.PruneAsync", new JsonObject { ["query"] = JsonSerializer.SerializeToNode(query) },
            async client => await (await client.OpenAsync(cancellationToken).ConfigureAwait(false)).Retention.PruneAsync(query, cancellationToken).ConfigureAwait(false), cancellationToken);

    internal async Task<ExecutionRecord> FindAsync(ExecutionId id, CancellationToken cancellationToken) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Executions.FindAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new KitaruNotFoundException($"There is no execution {id}.", "List executions to see their ids: kitaru_executions_list.");

    internal async Task<T> GetResultAsync<T>(ExecutionId id, CancellationToken cancellationToken)
    {
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        ThrowUnlessCompleted(record);
        return await ReadResultAsync<T>(record.Result, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<T> ReadResultAsync<T>(StoredValue? result, CancellationToken cancellationToken)
    {
        if (result is null)
            return default!;
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var bytes = await controlPlane.Artifacts.ReadAllAsync(result, cancellationToken).ConfigureAwait(false);
        return ValueCodec.Decode<T>(result, bytes);
    }
}
