using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A result under its cache key.</summary>
internal static class CachedRow
{
    private static readonly Sql FindSql = new(
        """
        SELECT exec_id, call_id, key, metadata, value_media, value_type, value_size, value_hash, value
        FROM journal
        WHERE cache_key = ?1 AND status = 'completed'
        ORDER BY ended_at DESC
        LIMIT 1
        """);

    private static readonly Sql ArtifactsSql = new(
        """
        SELECT artifact_id, name, kind, tags, value_media, value_type, value_size, value_hash, value
        FROM artifact WHERE exec_id = ?1 AND call_key = ?2 ORDER BY seq, ordinal
        """);

    public static CachedResult? Find(Connection connection, byte[] key)
    {
        CachedResult found;
        string call;
        using (var row = connection.Use(FindSql))
        {
            if (!row.Bind(key).Step())
                return null;
            var (execution, id) = (new ExecutionId(row.Id()), new CallId(row.Id()));
            call = row.Text();
            var metadata = row.JsonOrNull();
            found = new CachedResult(execution, id, row.ValueOrNull(), metadata, []);
        }
        var artifacts = new List<NewArtifact>();
        using var saved = connection.Use(ArtifactsSql);
        saved.Bind(found.ExecutionId.Value).Bind(call);
        while (saved.Step())
        {
            var (id, name, kind, tags) = (new ArtifactId(saved.Id()), saved.Text(), saved.Text(), StoredJson.ToList(saved.TextOrNull()));
            artifacts.Add(new NewArtifact(id, name, kind, saved.ValueOrNull()!, tags));
        }
        return found with { Artifacts = artifacts };
    }
}
