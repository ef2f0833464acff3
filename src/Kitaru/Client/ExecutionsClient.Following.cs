using System.Runtime.CompilerServices;
using Kitaru.Core;

namespace Kitaru;

/// <content>Following an execution's output.</content>
public sealed partial class ExecutionsClient
{
    private const int PageLines = 1000;

    /// <summary>A busy store costs a look now and then, not one per commit.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Looked at even when nothing says that anything changed.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    /// <summary>What a worker's own output or its last words still add after the end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    /// <summary>The newest lines of an execution's output, or with <paramref name="fromStart"/> all of them, then every new one until it has ended.</summary>
    /// <inheritdoc cref="FollowLogsAsync(LogQuery, CancellationToken)"/>
    public IAsyncEnumerable<LogEntry> FollowLogsAsync(ExecutionId id, bool fromStart = false, CancellationToken cancellationToken = default) =>
        FollowLogsAsync(new LogQuery { ExecutionId = id, FromStart = fromStart }, cancellationToken);

    /// <summary>
    /// The lines that match, then every new one that matches, each once and in order; ends when the execution has ended and its last lines are
    /// out. A retry before that is followed too.
    /// </summary>
    /// <param name="query">
    /// Begins with its newest <see cref="LogQuery.Limit"/> lines; with <see cref="LogQuery.FromStart"/> with the first line there is, or the
    /// first after <see cref="LogQuery.AfterId"/>. To go on where an earlier one was left, pass the id of the last line it gave and FromStart.
    /// </param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>; the execution goes on.</param>
    /// <exception cref="KitaruNotFoundException">There is no such execution, or it was deleted meanwhile.</exception>
    public async IAsyncEnumerable<LogEntry> FollowLogsAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var next = query.FromStart ? query with { Limit = PageLines } : query;
        long seen = 0;
        long endEpoch = -1;
        DateTimeOffset? endedAt = null;
        while (true)
        {
            // The status first: whatever was written before an end is then in what is read after it.
            var record = await FindAsync(query.ExecutionId, cancellationToken).ConfigureAwait(false);
            var lookedAt = _client.Time.GetUtcNow();
            if (!IsTerminal(record.Status))
                endedAt = null;
            else if (endedAt is null || record.Epoch != endEpoch)
                (endEpoch, endedAt) = (record.Epoch, record.EndedAt < lookedAt ? record.EndedAt : lookedAt);
            bool mayBeMore;
            do
            {
                var page = await controlPlane.Logs.ReadAsync(next, cancellationToken).ConfigureAwait(false);
                foreach (var line in page)
                    yield return line;
                mayBeMore = next.FromStart && page.Count == next.Limit;
                next = query with { FromStart = true, Limit = PageLines, AfterId = page.Count > 0 ? page[^1].Id : next.AfterId };
            }
            while (mayBeMore);
            if (endedAt is { } ended && lookedAt - ended >= LastWords)
                yield break;
            var longest = endedAt is { } at ? LastWords - (lookedAt - at) : SafetyPoll;
            seen = await WaitForChangeAsync(controlPlane, seen, longest, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<long> WaitForChangeAsync(IControlPlane controlPlane, long seen, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(longest, _client.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await Task.Delay(LookInterval, _client.Time, cancellationToken).ConfigureAwait(false);
        try
        {
            return await controlPlane.Executions.WaitForChangeAsync(seen, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }
}
