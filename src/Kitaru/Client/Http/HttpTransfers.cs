using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpTransfers(HttpCalls calls) : ITransfers
{
    public Task<ExportPage> ExportAsync(ExecutionId? after, int limit, bool withOpen, CancellationToken cancellationToken = default) =>
        calls.AskAsync<ExportPage>("transfers/export", new ExportBody { After = after, Limit = limit, WithOpen = withOpen }, cancellationToken);

    public async Task<IReadOnlyList<ExecutionId>> CloseMovedAsync(IReadOnlyDictionary<ExecutionId, long> epochs, string by, CancellationToken cancellationToken = default) =>
        (await calls.WriteAsync<ListBody<ExecutionId>>(
            HttpMethod.Post, "transfers/closed", new CloseMovedBody { Epochs = [.. epochs.Select(pair => new MovedBody(pair.Key, pair.Value))], By = by }, cancellationToken).ConfigureAwait(false)).Items;

    public Task<ImportOutcome> ImportAsync(ImportBatch batch, CancellationToken cancellationToken = default) =>
        calls.WriteAsync<ImportOutcome>(HttpMethod.Post, "transfers/import", batch, cancellationToken);

    public async Task<IReadOnlyDictionary<ExecutionId, string>> DigestAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken = default) =>
        (await calls.AskAsync<ListBody<DigestBody>>("transfers/digests", new IdsBody { Ids = ids }, cancellationToken).ConfigureAwait(false)).Items.ToDictionary(digest => digest.Id, digest => digest.Hash);

    public async Task<(IReadOnlyList<ArchivedDeployment> Items, IReadOnlyDictionary<string, JsonObject> Environments)> ExportDeploymentsAsync(CancellationToken cancellationToken = default)
    {
        var body = await calls.GetAsync<DeploymentsBody>("transfers/deployments", cancellationToken).ConfigureAwait(false);
        return (body.Items, body.Environments);
    }

    public async Task<int> ImportDeploymentsAsync(
        IReadOnlyList<ArchivedDeployment> items, IReadOnlyDictionary<string, JsonObject> environments, CancellationToken cancellationToken = default) =>
        (await calls.WriteAsync<CountBody>(HttpMethod.Post, "transfers/deployments", new DeploymentsBody { Items = items, Environments = environments }, cancellationToken).ConfigureAwait(false)).Count;
}
