using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class TransferStore(StoreSession session) : ITransferStore
{
    private static readonly Sql PageSql = new(
        """
        SELECT exec_id, owner IS NOT NULL, ended_at IS NOT NULL FROM execution
        WHERE ?1 IS NULL OR exec_id > ?1
        ORDER BY exec_id LIMIT ?2
        """);

    private static readonly Sql UnchangedSql = Sql.Locking("SELECT 1 FROM execution WHERE exec_id = ?1 AND epoch = ?2 AND owner IS NULL AND ended_at IS NULL");

    private static readonly Sql KeyOwnerSql = new("SELECT exec_id FROM execution WHERE idempotency_key = ?1 AND exec_id <> ?2");

    /// <summary>Read from the schema once: it stays as it is while the store is open.</summary>
    private ExecutionCopy? _executions;

    private DeploymentCopy? _deployments;

    public Task<ExportPage> ExportAsync(ExecutionId? after, int limit, bool withOpen, CancellationToken cancellationToken) => session.ReadAsync(
        connection =>
        {
            var (found, held, last) = (new List<ExecutionId>(), new List<ExecutionId>(), (ExecutionId?)null);
            var count = 0;
            using (var row = connection.Use(PageSql))
            {
                row.Bind(after?.Value).Bind((long)limit);
                while (row.Step())
                {
                    count++;
                    last = new ExecutionId(row.Id());
                    var (isHeld, hasEnded) = (row.Boolean(), row.Boolean());
                    if (hasEnded || (withOpen && !isHeld))
                        found.Add(last.Value);
                    else if (isHeld)
                        held.Add(last.Value);
                }
            }
            var copy = _executions ??= ExecutionCopy.Of(connection);
            var items = found.Select(id => copy.Read(connection, id)).OfType<ArchivedExecution>().ToList();
            return new ExportPage(items, new Dictionary<string, System.Text.Json.Nodes.JsonObject>(), held, count == limit ? last : null);
        },
        cancellationToken);

    public Task<IReadOnlyDictionary<EnvironmentId, WorkerEnvironment>> FindEnvironmentsAsync(IReadOnlySet<string> ids, CancellationToken cancellationToken) => session.ReadAsync(
        connection =>
        {
            var found = new Dictionary<EnvironmentId, WorkerEnvironment>();
            foreach (var id in ids.Select(id => new EnvironmentId(id)))
            {
                if (EnvironmentRow.Find(connection, id) is { } environment)
                    found.Add(id, environment);
            }
            return (IReadOnlyDictionary<EnvironmentId, WorkerEnvironment>)found;
        },
        cancellationToken);

    public Task<IReadOnlyList<ExecutionId>> CloseMovedAsync(IReadOnlyDictionary<ExecutionId, long> epochs, string by, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync<IReadOnlyList<ExecutionId>>(
            connection => [.. epochs.OrderBy(pair => pair.Key.Value).Where(pair => CloseIfUnchanged(connection, pair.Key, pair.Value, by)).Select(pair => pair.Key)],
            cancellationToken);

    public Task<ImportOutcome> ImportAsync(ImportBatch batch, Func<FlowId> newFlowId, CancellationToken cancellationToken) => session.WriteAndNotifyAsync(
        connection =>
        {
            var copy = _executions ??= ExecutionCopy.Of(connection);
            foreach (var (id, settings) in batch.Environments)
                EnvironmentRow.Put(connection, new EnvironmentId(id), WorkerEnvironment.FromJson(settings));
            var (stored, present) = (0, 0);
            foreach (var item in batch.Items)
            {
                if (copy.Read(connection, item.Id) is { } there)
                {
                    if (there.Hash != item.Hash)
                        throw new KitaruStateException($"Execution {item.Id} is here already and has gone another way since; nothing of this batch was stored.", "Leave it out, or delete one of the two.");
                    present++;
                    continue;
                }
                CheckValues(connection, item);
                CheckKey(connection, item);
                copy.Insert(connection, item, newFlowId(), session.Now);
                stored++;
            }
            return new ImportOutcome(stored, present);
        },
        cancellationToken);

    public Task<IReadOnlyDictionary<ExecutionId, string>> DigestAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken) => session.ReadAsync(
        connection =>
        {
            var copy = _executions ??= ExecutionCopy.Of(connection);
            var digests = new Dictionary<ExecutionId, string>();
            foreach (var id in ids)
            {
                if (copy.Read(connection, id) is { } there)
                    digests[id] = there.Hash;
            }
            return (IReadOnlyDictionary<ExecutionId, string>)digests;
        },
        cancellationToken);

    public Task<IReadOnlyList<ArchivedDeployment>> ExportDeploymentsAsync(CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<ArchivedDeployment>>(connection => (_deployments ??= DeploymentCopy.Of(connection)).ReadAll(connection), cancellationToken);

    public Task<int> ImportDeploymentsAsync(
        IReadOnlyList<ArchivedDeployment> items, IReadOnlyDictionary<EnvironmentId, WorkerEnvironment> environments, Func<FlowId> newFlowId, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Deployments);
                var copy = _deployments ??= DeploymentCopy.Of(connection);
                foreach (var (id, environment) in environments)
                    EnvironmentRow.Put(connection, id, environment);
                return items.Count(item => copy.Insert(connection, item, newFlowId(), session.Now));
            },
            cancellationToken);

    private bool CloseIfUnchanged(Connection connection, ExecutionId id, long epoch, string by)
    {
        using (var row = connection.Use(UnchangedSql))
        {
            if (!row.Bind(id.Value).Bind(epoch).Step())
                return false;
        }
        return ExecutionEnd.CancelIfActive(connection, id, by, session.Now);
    }

    /// <summary>No row may refer to a value that is not there.</summary>
    private static void CheckValues(Connection connection, ArchivedExecution item)
    {
        if (LargeReferences.Of(item.Tables).FirstOrDefault(hash => !connection.HasLargeValue(hash)) is { } missing)
            throw new KitaruBackendException($"The value with hash {Texts.Short(missing, 80)} of execution {item.Id} is not in the artifact store; nothing of this batch was stored.", "Store the archive's values first.");
    }

    private static void CheckKey(Connection connection, ArchivedExecution item)
    {
        if (item.Tables["execution"]?[0]?["idempotency_key"]?.ToString() is not { } key)
            return;
        using var row = connection.Use(KeyOwnerSql);
        if (row.Bind(key).Bind(item.Id.Value).Step())
            throw new KitaruStateException($"The idempotency key of execution {item.Id} belongs to execution {row.Id()} here; nothing of this batch was stored.", "Import into another project.");
    }
}
