using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Telemetry;

namespace Kitaru.ControlPlane;

internal sealed class ExecutionService(IStore store, LargeValues values, IdFactory ids, FactFinder facts, TimeSpan leaseDuration) : IExecutions
{
    private const int PageMax = 1000;
    private const int TagFiltersMax = 20;
    private const int KeyCharsMax = 512;

    public static KitaruNotFoundException NotFound(ExecutionId id) =>
        new($"There is no execution {id}.", "List executions to see their ids: kitaru_executions_list.");

    public async Task<ExecutionRecord> CreateAsync(NewExecution execution, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(execution.FlowName) || execution.FlowName.Length > KeyCharsMax)
            throw new KitaruUsageException($"'{Texts.Short(execution.FlowName)}' is not a flow name: expected 1 to {KeyCharsMax} characters.");
        if (execution.IdempotencyKey is { } key)
            IdempotentRequest.CheckKey(key);
        if (execution.Retries < 0)
            throw new KitaruUsageException($"retries must be 0 or more; it is {execution.Retries}.");
        execution = execution with { Tags = TagRules.Check(execution.Tags), TraceParent = execution.TraceParent ?? KitaruTelemetry.Current };
        var kept = execution with { Inputs = await values.KeepAsync(execution.Inputs, cancellationToken).ConfigureAwait(false) };
        var inserted = await store.Executions.InsertAsync(kept, new FlowId(ids.NewId()), leaseDuration, cancellationToken).ConfigureAwait(false);
        if (inserted.Existing is { } existing)
            return SameOrRefused(kept, await FindOrThrowAsync(existing, cancellationToken).ConfigureAwait(false));
        return new ExecutionRecord
        {
            Id = kept.Id,
            FlowId = inserted.FlowId,
            FlowName = kept.FlowName,
            Status = kept.TakenBy is null ? ExecutionStatus.Queued : ExecutionStatus.Running,
            StatusReason = kept.TakenBy is null ? "queued" : null,
            Snapshot = kept.Snapshot,
            Target = kept.Target,
            Source = kept.Source,
            Inputs = kept.Inputs,
            Spec = kept.Spec,
            Metadata = kept.Metadata ?? [],
            Tags = kept.Tags,
            StackName = kept.StackName,
            Environment = kept.Environment.Id(),
            Deployment = kept.Deployment,
            CreatedAt = inserted.CreatedAt,
            RunnableAt = kept.TakenBy is null ? inserted.CreatedAt : null,
            StartedAt = kept.TakenBy is null ? null : inserted.CreatedAt,
            Owner = kept.TakenBy,
            Epoch = kept.TakenBy is null ? 0 : 1,
            OriginalId = kept.OriginalId,
            Seed = kept.Seed,
            Retries = kept.Retries,
            TraceParent = kept.TraceParent,
        };
    }

    public Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        store.Executions.FindAsync(id, cancellationToken);

    public async Task<ExecutionDetail> GetAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        await store.Executions.FindRowsAsync(id, cancellationToken).ConfigureAwait(false) is { } rows
            ? ExecutionDetails.Assemble(rows)
            : throw NotFound(id);

    public async Task<Page<ExecutionRecord>> ListAsync(ExecutionQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Limit is < 1 or > PageMax)
            throw new KitaruUsageException($"limit must be between 1 and {PageMax}; it is {query.Limit}.");
        IReadOnlyList<string> tags = [.. query.Tags.Distinct(StringComparer.Ordinal)];
        if (tags.Count > TagFiltersMax)
            throw new KitaruUsageException($"A list can be filtered by at most {TagFiltersMax} tags; {tags.Count} were given.", "Leave some out.");
        var filter = new ExecutionFilter(
            [.. query.Statuses.SelectMany(PublicStatus.Widen).Distinct()], query.Flow, query.Stack, tags,
            query.Since, query.Until, query.OriginalId, query.Deployment, PageCursor.Parse(query.Cursor), query.Limit + 1);
        var (items, total) = await store.Executions.ListAsync(filter, cancellationToken).ConfigureAwait(false);
        if (items.Count <= query.Limit)
            return new Page<ExecutionRecord>(items, total, null);
        var last = items[query.Limit - 1];
        return new Page<ExecutionRecord>([.. items.Take(query.Limit)], total, PageCursor.Of(new PageStart(last.CreatedAt, last.Id)));
    }

    public async Task<ExecutionRecord> CancelAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default)
    {
        var cancelled = await store.Executions.CancelIfActiveAsync(id, by is null ? null : Texts.Short(by), cancellationToken).ConfigureAwait(false);
        var record = await FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
        if (!cancelled)
            _ = ExecutionDecisions.Check(ExecutionOperation.Cancel, record);
        return record;
    }

    public async Task<ExecutionRecord> RetryAsync(ExecutionId id, SnapshotId? code, string by, CancellationToken cancellationToken = default)
    {
        var reopened = await store.Executions.ReopenIfFailedAsync(id, code, $"retried by {Texts.Short(by)}", cancellationToken).ConfigureAwait(false);
        var record = await FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
        if (!reopened)
            _ = ExecutionDecisions.Check(ExecutionOperation.Retry, record);
        return record;
    }

    public async Task<bool> ResumeAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default)
    {
        var record = await FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
        return ExecutionDecisions.Check(ExecutionOperation.Resume, record)
            && await store.Executions.HurryIfQueuedAsync(id, by is null ? null : Texts.Short(by), cancellationToken).ConfigureAwait(false);
    }

    public async Task<ExecutionRecord> TagAsync(
        ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken = default)
    {
        (add, remove) = (TagRules.Check(add), TagRules.Check(remove));
        if (add.Intersect(remove, StringComparer.Ordinal).FirstOrDefault() is { } both)
            throw new KitaruUsageException($"The tag '{Texts.Short(both)}' is to be added and to be removed.", "Name it in one of the two only.");
        if (!await store.Executions.ChangeTagsAsync(id, add, remove, cancellationToken).ConfigureAwait(false))
            throw NotFound(id);
        return await FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Explanation> ExplainAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        Explainer.Explain(await facts.FindAsync(id, cancellationToken).ConfigureAwait(false));

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken = default) =>
        store.WaitForChangeAsync(seen, cancellationToken);

    internal static string Names(IReadOnlyList<WaitRecord> waits) => string.Join(", ", waits.Select(wait => $"'{Texts.Short(wait.Name)}'"));

    internal async Task<ExecutionRecord> FindOrThrowAsync(ExecutionId id, CancellationToken cancellationToken) =>
        await store.Executions.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id);

    private static ExecutionRecord SameOrRefused(NewExecution wanted, ExecutionRecord existing)
    {
        var difference = existing.FlowName != wanted.FlowName ? $"flow '{Texts.Short(existing.FlowName)}' instead of '{Texts.Short(wanted.FlowName)}'"
            : SameJson(existing.Inputs, wanted.Inputs) ? null
            : "other inputs";
        if (difference is null)
            return existing;
        var by = wanted.IdempotencyKey is { } key && existing.Id != wanted.Id ? $"idempotency key '{Texts.Short(key)}'" : $"id {wanted.Id}";
        throw new KitaruStateException(
            $"The {by} belongs to execution {existing.Id} with {difference}; nothing was started.",
            "Use a new key for a new execution, or repeat the first call unchanged to get its execution back.");
    }

    /// <summary>Equal bytes, or equal JSON whatever the order of its keys.</summary>
    private static bool SameJson(StoredValue left, StoredValue right)
    {
        if (left.Hash == right.Hash)
            return true;
        if (left.Inline is null || right.Inline is null)
            return false;
        try
        {
            return JsonNode.DeepEquals(KitaruJson.Parse(left.Inline), KitaruJson.Parse(right.Inline));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
