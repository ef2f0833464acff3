using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class ArtifactRecordStore(StoreSession session) : IArtifactRecordStore
{
    private static readonly Sql FindOutputSql = new(
        """
        SELECT j.exec_id, f.name, j.key, j.type, j.value_media, j.value_type, j.value_size, j.value_hash, j.value
        FROM journal j JOIN execution e ON e.exec_id = j.exec_id JOIN flow f ON f.flow_id = e.flow_id
        WHERE j.call_id = ?1 AND j.kind = 'checkpoint' AND j.value_hash IS NOT NULL
        """);

    public Task<ArtifactRecord?> FindAsync(ArtifactId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ArtifactRow.Find(connection, id) ?? FindOutput(connection, id), cancellationToken);

    private static ArtifactRecord? FindOutput(Connection connection, ArtifactId id)
    {
        using var row = connection.Use(FindOutputSql);
        if (!row.Bind(id.Value).Step())
            return null;
        var (execution, flow, key, type) = (row.Id(), row.Text(), row.Text(), row.TextOrNull());
        return StepOutput.Of(new ExecutionId(execution), flow, key, type, row.ValueOrNull()!);
    }
}
