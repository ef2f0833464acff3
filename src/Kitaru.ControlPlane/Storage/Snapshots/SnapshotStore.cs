using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

internal sealed class SnapshotStore(StoreSession session) : ISnapshotStore
{
    private static readonly Sql PutSql = new(
        """
        INSERT INTO snapshot (snapshot_id, manifest, created_at, size_bytes) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (snapshot_id) DO NOTHING
        """);

    private static readonly Sql FindSql = new("SELECT manifest, created_at, size_bytes FROM snapshot WHERE snapshot_id = ?1");

    public Task PutIfAbsentAsync(SnapshotRecord snapshot, CancellationToken cancellationToken)
    {
        var manifest = JsonSerializer.Serialize(snapshot.Manifest, KitaruJson.Options);
        return session.WriteOneAsync(
            PutSql,
            statement => statement.Bind(snapshot.Id.Value).Bind(manifest).Bind(snapshot.CreatedAt).Bind(snapshot.SizeBytes),
            cancellationToken,
            manifest.Length);
    }

    public Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                using var row = connection.Use(FindSql);
                return row.Bind(id.Value).Step()
                    ? new SnapshotRecord(id, JsonSerializer.Deserialize<FlowManifest>(row.Text(), KitaruJson.Options)!, row.Time(), row.Int64())
                    : null;
            },
            cancellationToken);
}
