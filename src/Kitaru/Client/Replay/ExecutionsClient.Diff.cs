using Kitaru.Core;

namespace Kitaru;

/// <content>Executions beside their replays.</content>
public sealed partial class ExecutionsClient
{
    /// <summary>How many comparisons a matrix makes in all.</summary>
    private const int MatrixComparisonsMax = 200;
    private const int MatrixRowsMax = 50;

    /// <summary>An execution beside its replays: which calls ran otherwise, and what that changed.</summary>
    /// <param name="original">The execution that was replayed.</param>
    /// <param name="replays">Direct replays of it. Default: all, the newest first, at most 50.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="KitaruNotFoundException">There is no such execution.</exception>
    /// <exception cref="KitaruUsageException">One to compare is not a direct replay of it.</exception>
    public Task<ExecutionDiff> DiffAsync(ExecutionId original, IReadOnlyList<ExecutionId>? replays = null, CancellationToken cancellationToken = default) =>
        DiffAsync(new DiffRequest { Original = original, Replays = replays }, cancellationToken);

    /// <summary>Each execution beside its own replays.</summary>
    /// <param name="originals">1 to 50 executions; one given twice counts once.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <inheritdoc cref="DiffAsync(ExecutionId, IReadOnlyList{ExecutionId}?, CancellationToken)"/>
    public async Task<IReadOnlyList<ExecutionDiff>> DiffMatrixAsync(IReadOnlyList<ExecutionId> originals, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ExecutionId> distinct = [.. originals.Distinct()];
        if (distinct.Count is 0 or > MatrixRowsMax)
        {
            throw new KitaruUsageException(
                $"exec_ids names {distinct.Count} executions; expected 1 to {MatrixRowsMax}.", "Pass the executions that were replayed, in several calls when there are more.");
        }
        var max = Math.Min(DiffRequest.ReplaysLimit, MatrixComparisonsMax / distinct.Count);
        var rows = new List<ExecutionDiff>();
        foreach (var original in distinct)
            rows.Add(await DiffAsync(new DiffRequest { Original = original, ReplaysMax = max }, cancellationToken).ConfigureAwait(false));
        return rows;
    }

    /// <summary>Executions of a flow that made a call exactly once and can be replayed from it.</summary>
    /// <exception cref="KitaruUsageException">None fits, or the query is out of bounds.</exception>
    public async Task<Cohort> FindCohortAsync(CohortQuery query, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Replays.FindCohortAsync(query, cancellationToken).ConfigureAwait(false);

    private async Task<ExecutionDiff> DiffAsync(DiffRequest request, CancellationToken cancellationToken)
    {
        var diff = await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Replays.DiffAsync(request, cancellationToken).ConfigureAwait(false);
        var link = _client.Links.Of(diff.Original.FlowId, diff.Original.Deployment?.Version, [diff.Original.Id, .. diff.Compared.Select(replay => replay.Replay.Id)]);
        return link is null ? diff : diff with { Urls = [link] };
    }
}
