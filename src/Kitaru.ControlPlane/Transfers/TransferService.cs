using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class TransferService(IStore store, IdFactory ids) : ITransfers
{
    private const int PageMax = 500;

    public async Task<ExportPage> ExportAsync(ExecutionId? after, int limit, bool withOpen, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > PageMax)
            throw new KitaruUsageException($"limit must be between 1 and {PageMax}; it is {limit}.");
        var page = await store.Transfers.ExportAsync(after, limit, withOpen, cancellationToken).ConfigureAwait(false);
        return page with { Environments = await EnvironmentsOfAsync(page.Items.Select(item => item.Tables["execution"]![0]!), cancellationToken).ConfigureAwait(false) };
    }

    public Task<IReadOnlyList<ExecutionId>> CloseMovedAsync(IReadOnlyDictionary<ExecutionId, long> epochs, string by, CancellationToken cancellationToken = default) =>
        store.Transfers.CloseMovedAsync(epochs, by, cancellationToken);

    public Task<ImportOutcome> ImportAsync(ImportBatch batch, CancellationToken cancellationToken = default)
    {
        if (batch.Items.Count > PageMax)
            throw new KitaruUsageException($"A batch has at most {PageMax} executions; this one has {batch.Items.Count}.");
        CheckEnvironments(batch.Environments);
        return store.Transfers.ImportAsync(batch, () => new FlowId(ids.NewId()), cancellationToken);
    }

    public Task<IReadOnlyDictionary<ExecutionId, string>> DigestAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken = default) => ids.Count <= PageMax
        ? store.Transfers.DigestAsync(ids, cancellationToken)
        : throw new KitaruUsageException($"At most {PageMax} executions are looked at in one call; these are {ids.Count}.");

    public async Task<(IReadOnlyList<ArchivedDeployment> Items, IReadOnlyDictionary<string, JsonObject> Environments)> ExportDeploymentsAsync(CancellationToken cancellationToken = default)
    {
        var items = await store.Transfers.ExportDeploymentsAsync(cancellationToken).ConfigureAwait(false);
        return (items, await EnvironmentsOfAsync(items.Select(item => item.Row), cancellationToken).ConfigureAwait(false));
    }

    public Task<int> ImportDeploymentsAsync(
        IReadOnlyList<ArchivedDeployment> items, IReadOnlyDictionary<string, JsonObject> environments, CancellationToken cancellationToken = default) =>
        store.Transfers.ImportDeploymentsAsync(items, CheckEnvironments(environments), () => new FlowId(ids.NewId()), cancellationToken);

    private async Task<IReadOnlyDictionary<string, JsonObject>> EnvironmentsOfAsync(IEnumerable<JsonNode> rows, CancellationToken cancellationToken)
    {
        var wanted = rows.Select(row => row["environment_id"]?.GetValue<string>()).OfType<string>().Where(id => id.Length > 0).ToHashSet(StringComparer.Ordinal);
        if (wanted.Count == 0)
            return new Dictionary<string, JsonObject>();
        var found = await store.Transfers.FindEnvironmentsAsync(wanted, cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(pair => pair.Key.Value, pair => pair.Value.ToJson());
    }

    /// <summary>An environment's id is a hash of what is in it.</summary>
    private static Dictionary<EnvironmentId, WorkerEnvironment> CheckEnvironments(IReadOnlyDictionary<string, JsonObject> environments)
    {
        var read = new Dictionary<EnvironmentId, WorkerEnvironment>();
        foreach (var (id, settings) in environments)
        {
            var environment = WorkerEnvironment.FromJson(settings);
            read[new EnvironmentId(id)] = environment.Id().Value == id
                ? environment
                : throw new KitaruUsageException($"Environment '{Texts.Short(id, 80)}' does not fit its id.", "Export it again; the archive was changed or is damaged.");
        }
        return read;
    }
}
