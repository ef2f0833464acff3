using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class DeploymentStore(StoreSession session) : IDeploymentStore
{
    private const int VersionsShown = 20;

    // 1 flow, 2 and 3 the flow and version the page starts after, 4 the limit, 5 a tag.
    private static readonly Sql ListSql = Sql.Of(dialect =>
        $"""
        SELECT {DeploymentRow.Columns(dialect)} FROM {DeploymentRow.From}
        WHERE (?1 IS NULL OR f.name = ?1) AND (?2 IS NULL OR (f.name, d.version) > (?2, ?3)) AND {Tagged}
        ORDER BY f.name, d.version LIMIT ?4
        """);

    private static readonly Sql CountSql = new($"SELECT count(*) FROM {DeploymentRow.From} WHERE (?1 IS NULL OR f.name = ?1) AND {TaggedToo}");

    private const string Tagged = "(?5 IS NULL OR EXISTS (SELECT 1 FROM deployment_tag t WHERE t.flow_id = d.flow_id AND t.version = d.version AND t.tag = ?5))";

    private const string TaggedToo = "(?2 IS NULL OR EXISTS (SELECT 1 FROM deployment_tag t WHERE t.flow_id = d.flow_id AND t.version = d.version AND t.tag = ?2))";

    private static readonly Sql DeleteSql = new("DELETE FROM deployment WHERE flow_id = (SELECT flow_id FROM flow WHERE name = ?1) AND version = ?2");

    public Task<DeploymentRecord> InsertAsync(NewDeployment deployment, DeploymentId id, FlowId newFlowId, CancellationToken cancellationToken)
    {
        var insert = new DeploymentInsert(deployment, id, newFlowId);
        return session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Deployments);
                return insert.Run(connection, session.Now);
            },
            cancellationToken);
    }

    public Task<(IReadOnlyList<DeploymentRecord> Items, long Total)> ListAsync(
        string? flow, string? tag, DeploymentStart? after, int limit, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                using var page = connection.Use(ListSql);
                var items = DeploymentRow.ReadAll(page.Bind(flow).Bind(after?.Flow).Bind(after?.Version).Bind(limit).Bind(tag));
                using var total = connection.Use(CountSql);
                total.Bind(flow).Bind(tag).Step();
                return (items, total.Int64());
            },
            cancellationToken);

    public Task<DeploymentMatches> FindAsync(string flow, int? version, string? tag, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                IReadOnlyList<DeploymentRecord> matches = version is not { } number ? DeploymentRow.FindTagged(connection, flow, tag!)
                    : DeploymentRow.Find(connection, flow, number) is { } one ? [one] : [];
                return new DeploymentMatches(matches, DeploymentRow.Versions(connection, flow, VersionsShown));
            },
            cancellationToken);

    public Task<OtherCodeInFlight> FindInFlightAsync(
        string flow, SnapshotId snapshot, DeploymentId? deployment, int limit, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => InFlightList.Read(connection, flow, snapshot, deployment, limit), cancellationToken);

    public Task<DeploymentRecord?> TagAsync(string flow, int version, string tag, bool exclusive, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Deployments);
                if (DeploymentRow.Find(connection, flow, version) is not { } before)
                    return null;
                if (before.Tags.Count >= DeploymentRules.TagsMax && !before.Tags.ContainsKey(tag))
                {
                    throw new KitaruUsageException(
                        $"A deployment carries at most {DeploymentRules.TagsMax} tags, and version {version} of '{flow}' has them.",
                        "Take one off first with kitaru_deployments_untag.");
                }
                DeploymentTagRow.Put(connection, flow, version, tag, exclusive);
                return DeploymentRow.Find(connection, flow, version);
            },
            cancellationToken);

    public Task<DeploymentRecord?> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Deployments);
                DeploymentTagRow.Remove(connection, flow, version, tag);
                return DeploymentRow.Find(connection, flow, version);
            },
            cancellationToken);

    public Task<DeploymentRecord?> DeleteUnlessProtectedAsync(string flow, int version, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Deployments);
                if (DeploymentRow.Find(connection, flow, version) is not { } before || before.Tags.Values.Any(exclusive => exclusive))
                    return DeploymentRow.Find(connection, flow, version);
                DeploymentTagRow.RemoveAll(connection, flow, version);
                using var delete = connection.Use(DeleteSql);
                delete.Bind(flow).Bind(version).Run();
                return before;
            },
            cancellationToken);
}
