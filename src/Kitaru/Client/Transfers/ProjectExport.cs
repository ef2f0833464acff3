using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Client.Transfers;

/// <summary>Reads a project page by page into a folder. The index is written after each page, so that a later start goes on behind it.</summary>
internal sealed class ProjectExport(IControlPlane plane, ArchiveFolder folder, ExportOptions options, TimeProvider time)
{
    private const int PageSize = 100;

    public async Task<ExportReport> RunAsync(string by, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (!folder.Index.IsComplete)
        {
            await WriteExecutionsAsync(by, progress, cancellationToken).ConfigureAwait(false);
            await WriteRestAsync(progress, cancellationToken).ConfigureAwait(false);
        }
        var index = folder.Index;
        return new ExportReport(
            Counted(index), index.Moved.Count, index.LeftOut, index.Deployments.Count, index.Stacks.Count, index.WithFiles.Count, index.Values.Count, index.Secrets);
    }

    /// <summary>Executions that count: ended ones, and open ones that ended where they were.</summary>
    private static int Counted(ArchiveIndex index) => index.Files.Sum(file => file.Executions);

    private async Task WriteExecutionsAsync(string by, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        while (!folder.Index.AllRead)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var index = folder.Index;
            var page = await plane.Transfers.ExportAsync(index.After, PageSize, options.MoveOpen, cancellationToken).ConfigureAwait(false);
            var items = page.Items;
            foreach (var (hash, size) in items.SelectMany(item => item.Values).DistinctBy(value => value.Key).Where(value => !folder.HasValue(value.Key)))
                await WriteValueAsync(hash, size, cancellationToken).ConfigureAwait(false);
            var number = index.Files.Count + 1;
            // First on the disk, then ended here: what ends here is in the folder for certain.
            if (items.Count > 0)
                folder.WriteExecutions(number, items);
            var moved = await CloseAsync(items, by, cancellationToken).ConfigureAwait(false);
            var kept = items.Where(item => item.HasEnded || moved.Contains(item.Id)).ToList();
            var files = kept.Count == 0 ? index.Files : [.. index.Files, folder.WriteExecutions(number, kept)];
            folder.Write(index with
            {
                Files = files,
                Moved = [.. index.Moved, .. moved],
                LeftOut = index.LeftOut + page.Held.Count + (items.Count - kept.Count),
                Environments = Merge(index.Environments, page.Environments),
                Values = [.. index.Values.Union(kept.SelectMany(item => item.Values.Keys), StringComparer.Ordinal)],
                After = page.After ?? index.After,
                AllRead = page.After is null,
            });
            progress?.Report($"{Counted(folder.Index)} executions written");
        }
    }

    private async Task<HashSet<ExecutionId>> CloseAsync(IReadOnlyList<ArchivedExecution> items, string by, CancellationToken cancellationToken)
    {
        var open = items.Where(item => !item.HasEnded).ToDictionary(item => item.Id, item => item.Epoch);
        return open.Count == 0 ? [] : [.. await plane.Transfers.CloseMovedAsync(open, $"{by} (moved at {time.GetUtcNow():u})", cancellationToken).ConfigureAwait(false)];
    }

    private async Task WriteValueAsync(string hash, long size, CancellationToken cancellationToken) => folder.WriteValue(
        hash, await plane.Artifacts.ReadAllAsync(new StoredValue(StoredValue.Bytes, "bytes", hash, size, null), cancellationToken).ConfigureAwait(false));

    private async Task WriteRestAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var (deployments, environments) = await plane.Transfers.ExportDeploymentsAsync(cancellationToken).ConfigureAwait(false);
        var used = folder.Index.Files.SelectMany(file => folder.ReadExecutions(file)).Select(item => item.Tables["execution"]![0]!["snapshot_id"]!.GetValue<string>())
            .Concat(deployments.Select(deployment => deployment.Row["snapshot_id"]!.GetValue<string>()))
            .Distinct(StringComparer.Ordinal).Select(id => new SnapshotId(id)).Where(id => !id.IsProgram);
        var (snapshots, withFiles) = (new List<SnapshotRecord>(), new List<SnapshotId>());
        foreach (var id in used)
        {
            if (await plane.Snapshots.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } record)
                continue;
            snapshots.Add(record);
            if (!await plane.Snapshots.HasContentAsync(id, cancellationToken).ConfigureAwait(false))
                continue;
            if (!folder.HasSnapshot(id))
            {
                var content = await plane.Snapshots.OpenContentAsync(id, cancellationToken).ConfigureAwait(false);
                await using (content.ConfigureAwait(false))
                    await folder.WriteSnapshotAsync(id, content, cancellationToken).ConfigureAwait(false);
            }
            withFiles.Add(id);
            progress?.Report($"code {id.Value[..12]} written");
        }
        var secrets = await plane.Secrets.ListAsync(cancellationToken).ConfigureAwait(false);
        var stacks = await plane.Stacks.ListAsync(cancellationToken).ConfigureAwait(false);
        folder.Write(folder.Index with
        {
            Deployments = deployments,
            Environments = Merge(folder.Index.Environments, environments),
            Stacks = [.. stacks.Where(stack => stack.Name != StackRecord.DefaultName)],
            Snapshots = snapshots,
            WithFiles = withFiles,
            Secrets = [.. secrets.Select(secret => secret.Name)],
            IsComplete = true,
        });
    }

    private static Dictionary<string, JsonObject> Merge(IReadOnlyDictionary<string, JsonObject> known, IReadOnlyDictionary<string, JsonObject> more)
    {
        var all = new Dictionary<string, JsonObject>(known, StringComparer.Ordinal);
        foreach (var (id, settings) in more)
            all[id] = settings;
        return all;
    }
}
