using Kitaru.Core;

namespace Kitaru.Client.Transfers;

/// <summary>Stores what a folder holds: values and code first, then what refers to them; then every execution is compared by its hash.</summary>
internal sealed class ProjectImport(IControlPlane plane, ArchiveFolder folder)
{
    private const int BatchSize = 100;
    private const long BatchCharsMax = 8 * 1024 * 1024;

    public async Task<ImportReport> RunAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var index = folder.Index;
        var snapshots = await StoreSnapshotsAsync(index, progress, cancellationToken).ConfigureAwait(false);
        var (stacks, stacksToMake) = await StoreStacksAsync(index, cancellationToken).ConfigureAwait(false);
        var deployments = index.Deployments.Count == 0 ? 0
            : await plane.Transfers.ImportDeploymentsAsync(index.Deployments, index.Environments, cancellationToken).ConfigureAwait(false);
        var (stored, present, verified, values) = (0, 0, 0, 0);
        foreach (var batch in index.Files.SelectMany(file => Batches(folder.ReadExecutions(file))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var there = await plane.Transfers.DigestAsync([.. batch.Select(item => item.Id)], cancellationToken).ConfigureAwait(false);
            // An open one that was imported earlier has gone on since: it is here, and that is all there is to say.
            var missing = batch.Where(item => !there.TryGetValue(item.Id, out var hash) || (item.HasEnded && hash != item.Hash)).ToList();
            values += await StoreValuesAsync(missing, cancellationToken).ConfigureAwait(false);
            if (missing.Count > 0)
            {
                var environments = missing.Select(item => item.Tables["execution"]![0]!["environment_id"]?.GetValue<string>()).OfType<string>().Where(index.Environments.ContainsKey)
                    .Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => index.Environments[id]);
                var outcome = await plane.Transfers.ImportAsync(new ImportBatch(missing, environments), cancellationToken).ConfigureAwait(false);
                stored += outcome.Stored;
                present += outcome.Present;
            }
            present += batch.Count - missing.Count;
            verified += await VerifyAsync(batch, cancellationToken).ConfigureAwait(false);
            progress?.Report($"{stored + present} of {index.Files.Sum(file => file.Executions)} executions here");
        }
        var known = await plane.Secrets.ListAsync(cancellationToken).ConfigureAwait(false);
        return new ImportReport(
            stored, present, verified, deployments, stacks, snapshots, values, stacksToMake, [.. index.Secrets.Except(known.Select(secret => secret.Name), StringComparer.Ordinal)]);
    }

    private static IEnumerable<List<ArchivedExecution>> Batches(IReadOnlyList<ArchivedExecution> items)
    {
        var (batch, chars) = (new List<ArchivedExecution>(), 0L);
        foreach (var item in items)
        {
            var size = item.Tables.ToJsonString().Length;
            if (batch.Count > 0 && (batch.Count == BatchSize || chars + size > BatchCharsMax))
            {
                yield return batch;
                (batch, chars) = ([], 0);
            }
            batch.Add(item);
            chars += size;
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private async Task<int> StoreValuesAsync(List<ArchivedExecution> items, CancellationToken cancellationToken)
    {
        var hashes = items.SelectMany(item => item.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
        foreach (var hash in hashes)
        {
            var stored = await plane.Artifacts.StoreAsync(StoredValue.Of(StoredValue.Bytes, "bytes", folder.ReadValue(hash)), cancellationToken).ConfigureAwait(false);
            if (stored.Hash != hash)
                throw new KitaruRuntimeException($"A value arrived as {stored.Hash}, not as {hash}.", "Import again.");
        }
        return hashes.Count;
    }

    private async Task<int> StoreSnapshotsAsync(ArchiveIndex index, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var record in index.Snapshots)
        {
            if (await plane.Snapshots.FindAsync(record.Id, cancellationToken).ConfigureAwait(false) is null)
            {
                await plane.Snapshots.PutAsync(record, cancellationToken).ConfigureAwait(false);
                count++;
            }
            if (!index.WithFiles.Contains(record.Id) || await plane.Snapshots.HasContentAsync(record.Id, cancellationToken).ConfigureAwait(false))
                continue;
            var content = folder.OpenSnapshot(record.Id);
            await using (content.ConfigureAwait(false))
                await plane.Snapshots.StoreContentAsync(record.Id, content, cancellationToken).ConfigureAwait(false);
            progress?.Report($"code {record.Id.Value[..12]} stored");
        }
        return count;
    }

    /// <summary>A stack of another provider needs its credentials, which are secret and stay where they are.</summary>
    private async Task<(int Stored, List<string> ToMake)> StoreStacksAsync(ArchiveIndex index, CancellationToken cancellationToken)
    {
        var (count, toMake) = (0, new List<string>());
        foreach (var stack in index.Stacks)
        {
            if (await plane.Stacks.FindAsync(stack.Name, cancellationToken).ConfigureAwait(false) is not null)
                continue;
            if (stack.Type != StackRecord.LocalType)
            {
                toMake.Add(stack.Name);
                continue;
            }
            await plane.Stacks.CreateAsync(new StackRequest { Name = stack.Name }, cancellationToken).ConfigureAwait(false);
            count++;
        }
        return (count, toMake);
    }

    /// <exception cref="KitaruStateException">One is not what was exported.</exception>
    private async Task<int> VerifyAsync(List<ArchivedExecution> batch, CancellationToken cancellationToken)
    {
        var there = await plane.Transfers.DigestAsync([.. batch.Select(item => item.Id)], cancellationToken).ConfigureAwait(false);
        foreach (var item in batch)
        {
            if (!there.TryGetValue(item.Id, out var hash) || (item.HasEnded && hash != item.Hash))
                throw new KitaruStateException($"Execution {item.Id} is not here as it was exported.", "Look at it with kitaru_executions_get; import again when it is gone.");
        }
        return batch.Count;
    }
}
