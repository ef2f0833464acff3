using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Takes an execution out of the database, or says what that would take out.</summary>
internal static class ExecutionErasure
{
    private static readonly Sql StandingSql = new("SELECT status, ended_at FROM execution WHERE exec_id = ?1");

    /// <summary>Everything or nothing: it runs inside one transaction. One that has not ended by then is only looked at.</summary>
    public static ErasedExecution? EraseIfEnded(Connection connection, OwnedRows owned, ExecutionId id, DateTimeOffset endedBefore)
    {
        connection.Lock(id);
        if (Standing(connection, id) is not var (status, endedAt))
            return null;
        if (endedAt is null || endedAt >= endedBefore)
            return new ErasedExecution(status, null, new Dictionary<string, long>(), 0, new Dictionary<string, long>());
        var (rows, bytes) = owned.Count(connection, id);
        var large = LargeReferences.Of(connection, id);
        owned.Delete(connection, id);
        var freed = large.Where(value => !LargeReferences.IsReferenced(connection, value.Key)).ToDictionary(StringComparer.Ordinal);
        return new ErasedExecution(status, endedAt, rows, bytes, freed);
    }

    /// <summary>A value that only these executions share is freed by the first of them.</summary>
    public static IReadOnlyList<ErasedExecution> Preview(Connection connection, OwnedRows owned, IReadOnlyList<ExecutionId> ids)
    {
        var (all, told) = (ids.ToHashSet(), new HashSet<string>(StringComparer.Ordinal));
        var previews = new List<ErasedExecution>();
        foreach (var id in ids)
        {
            if (Standing(connection, id) is not var (status, endedAt))
                continue;
            var (rows, bytes) = owned.Count(connection, id);
            var freed = LargeReferences.Of(connection, id)
                .Where(value => !LargeReferences.IsReferencedOutside(connection, value.Key, all) && told.Add(value.Key)).ToDictionary(StringComparer.Ordinal);
            previews.Add(new ErasedExecution(status, endedAt, rows, bytes, freed));
        }
        return previews;
    }

    private static (ExecutionStatus Status, DateTimeOffset? EndedAt)? Standing(Connection connection, ExecutionId id)
    {
        using var row = connection.Use(StandingSql);
        return row.Bind(id.Value).Step() ? (StoredWords.ToStatus(row.Text()), row.TimeOrNull()) : null;
    }
}
