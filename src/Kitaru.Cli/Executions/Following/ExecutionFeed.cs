using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kitaru.Core;

namespace Kitaru.Cli.Executions.Following;

/// <summary>Follows one execution: its lines and where it stands, until it has ended and its last line is out.</summary>
/// <param name="client">Kitaru.</param>
/// <param name="time">The clock.</param>
internal sealed class ExecutionFeed(KitaruClient client, TimeProvider time)
{
    /// <summary>How many happenings may wait to be shown; then reading waits too.</summary>
    private const int PendingMax = 1000;

    /// <summary>An execution of ten thousand calls is not read anew all the time: reading takes at most a fifth of it.</summary>
    private const int RestPerRead = 4;

    /// <param name="query">Which lines, and whether from the first one on.</param>
    /// <param name="withCalls">Whether its calls are wanted with each change.</param>
    /// <param name="interval">Look again at the latest after this time, even when nothing says that something changed.</param>
    /// <param name="cancellationToken">Ends following; the execution goes on.</param>
    public async IAsyncEnumerable<FollowEvent> FollowAsync(
        LogQuery query, bool withCalls, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<FollowEvent>(PendingMax);
        var watching = WatchAsync(query.ExecutionId, withCalls, interval, channel.Writer, stop.Token);
        var reading = ReadAsync(query, withCalls, channel.Writer, stop.Token);
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
                yield return happened;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(watching, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(LogQuery query, bool withCalls, ChannelWriter<FollowEvent> happened, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in client.Executions.FollowLogsAsync(query, cancellationToken))
                await happened.WriteAsync(new LineEvent(line), cancellationToken);
            var (execution, calls) = await LookAsync(query.ExecutionId, withCalls, cancellationToken);
            await happened.WriteAsync(new EndEvent(execution, calls), cancellationToken);
            happened.TryComplete();
        }
        catch (Exception fault) when (fault is KitaruException or OperationCanceledException)
        {
            happened.TryComplete(fault);
        }
    }

    private async Task WatchAsync(ExecutionId id, bool withCalls, TimeSpan interval, ChannelWriter<FollowEvent> happened, CancellationToken cancellationToken)
    {
        try
        {
            long seen = 0;
            while (true)
            {
                var begun = time.GetTimestamp();
                var (execution, calls) = await LookAsync(id, withCalls, cancellationToken);
                await happened.WriteAsync(new StateEvent(execution, calls), cancellationToken);
                var took = time.GetElapsedTime(begun);
                seen = await WaitForChangeAsync(seen, interval, cancellationToken);
                await Task.Delay(took * RestPerRead, time, cancellationToken);
            }
        }
        // Whatever it is: who reads the lines meets it too, and says it.
        catch (Exception fault) when (fault is KitaruException or OperationCanceledException or ChannelClosedException)
        {
            if (fault is KitaruException)
                happened.TryComplete(fault);
        }
    }

    private async Task<long> WaitForChangeAsync(long seen, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await (await client.OpenAsync(cancellationToken)).Executions.WaitForChangeAsync(seen, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }

    private async Task<(ExecutionRecord Execution, IReadOnlyList<CallRecord> Calls)> LookAsync(ExecutionId id, bool withCalls, CancellationToken cancellationToken)
    {
        if (!withCalls)
        {
            var record = await (await client.OpenAsync(cancellationToken)).Executions.FindAsync(id, cancellationToken);
            return (record ?? throw new KitaruNotFoundException($"Execution {id} was deleted meanwhile.", "kitaru executions list"), []);
        }
        var detail = await client.Executions.GetAsync(id, cancellationToken);
        return (detail.Execution, detail.Calls);
    }
}
