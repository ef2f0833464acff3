using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Deletions and the size of the store on the wire; of a deletion, exec_id and deleted are the contract's (runtime.md 2.3).</summary>
public static class RetentionJson
{
    /// <summary>A deletion, or what one would do.</summary>
    public static JsonObject Of(DeletedExecution execution) => new()
    {
        ["exec_id"] = execution.Id.ToString(),
        ["deleted"] = !execution.DryRun,
        ["dry_run"] = execution.DryRun,
        ["status"] = StatusWords.Of(execution.Status),
        ["ended_at"] = WireTime.Text(execution.EndedAt),
        ["rows"] = Numbers(execution.Rows),
        ["row_bytes"] = execution.RowBytes,
        ["large_values"] = execution.LargeValues,
        ["large_value_bytes"] = execution.LargeValueBytes,
        ["bytes"] = execution.Bytes,
    };

    /// <summary>A deletion by age, or what one would do.</summary>
    public static JsonObject Of(PruneResult result) => new()
    {
        ["matched"] = result.Matched,
        ["selected"] = result.Selected,
        ["deleted"] = result.Deleted,
        ["bytes"] = result.Bytes,
        ["oldest"] = WireTime.Text(result.Oldest),
        ["newest"] = WireTime.Text(result.Newest),
        ["by_status"] = ByStatus(result.ByStatus, count => count),
        ["remaining"] = result.Remaining,
        ["dry_run"] = result.DryRun,
    };

    /// <summary>The size of a store.</summary>
    /// <param name="size">The size.</param>
    /// <param name="rules">What is deleted by itself.</param>
    public static JsonObject Of(StoreSize size, RetentionRules rules) => new()
    {
        ["bytes"] = size.Bytes,
        ["reclaimable_bytes"] = size.ReclaimableBytes,
        ["database"] = new JsonObject
        {
            ["path"] = size.Database.Path,
            ["bytes"] = size.Database.Bytes,
            ["wal_bytes"] = size.Database.WalBytes,
            ["free_bytes"] = size.Database.FreeBytes,
        },
        ["artifacts"] = Of(size.Artifacts),
        ["snapshots"] = Of(size.Snapshots),
        ["builds"] = Of(size.Builds),
        ["workers"] = Of(size.Workers),
        ["executions"] = size.Executions.Values.Sum(),
        ["by_status"] = ByStatus(size.Executions, count => count),
        ["oldest"] = WireTime.Text(size.Oldest),
        ["oldest_end"] = WireTime.Text(size.OldestEnd),
        ["rows"] = Numbers(size.Rows),
        ["retention"] = rules.Ages.Count == 0 ? null : rules.ToString(),
        ["swept_at"] = WireTime.Text(size.SweptAt),
    };

    private static JsonObject Of(FilesSize files) => new()
    {
        ["count"] = files.Count,
        ["bytes"] = files.Bytes,
        ["reclaimable_count"] = files.ReclaimableCount,
        ["reclaimable_bytes"] = files.ReclaimableBytes,
    };

    private static JsonObject Numbers(IReadOnlyDictionary<string, long> numbers) =>
        new(numbers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>In public words: those behind one are counted together.</summary>
    private static JsonObject ByStatus<T>(IReadOnlyDictionary<ExecutionStatus, T> counts, Func<T, long> number) =>
        new(counts.GroupBy(pair => StatusWords.Of(pair.Key), pair => number(pair.Value)).Select(group => KeyValuePair.Create(group.Key, (JsonNode?)group.Sum()))
            .Where(pair => pair.Value!.GetValue<long>() > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal));
}
