using Npgsql;

namespace Kitaru.Postgres;

/// <summary>
/// Hears what other processes changed. The channel has the schema's name; a process knows its own messages by their text and passes over them. When the
/// connection was lost, something may have been missed: everybody is woken.
/// </summary>
internal sealed class ChangeListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>Messages follow each other no more closely: each costs the database, and every process that listens, as much as a small change.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan LastMax = TimeSpan.FromSeconds(1);

    /// <summary>Behind a process's own text: workers need not look.</summary>
    private const string NotForWorkers = " not for workers";

    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private readonly string _self = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
    private readonly Action<bool> _heard;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _toTell = new(0);
    private readonly Task _listening;
    private readonly Task _telling;
    private int _told = 1;
    private bool _isForWorkers;

    /// <param name="source">Where to.</param>
    /// <param name="schema">Whose.</param>
    /// <param name="heard">Called when somebody else changed something, with whether it is for workers.</param>
    public ChangeListener(NpgsqlDataSource source, string schema, Action<bool> heard)
    {
        (_source, _schema, _heard) = (source, schema, heard);
        _listening = ListenAsync();
        _telling = TellAsync();
    }

    /// <summary>Tells the others, soon: changes that follow each other closely are one message.</summary>
    public void Tell(bool isForWorkers)
    {
        if (isForWorkers)
            Volatile.Write(ref _isForWorkers, true);
        if (Interlocked.Exchange(ref _told, 0) == 1)
            _toTell.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_listening, _telling).ConfigureAwait(false);
        _stop.Dispose();
        _toTell.Dispose();
    }

    private async Task ListenAsync()
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stop.Token).ConfigureAwait(false);
                connection.Notification += (_, message) =>
                {
                    if (!message.Payload.StartsWith(_self, StringComparison.Ordinal))
                        _heard(!message.Payload.EndsWith(NotForWorkers, StringComparison.Ordinal));
                };
                await using (var listen = new NpgsqlCommand($"LISTEN \"{_schema}\"", connection))
                    await listen.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
                _heard(true);
                pause = TimeSpan.FromMilliseconds(100);
                while (true)
                    await connection.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (NpgsqlException)
            {
                await WaitAsync(pause).ConfigureAwait(false);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }
    }

    /// <summary>Behind the commit and without its flush: a message that is lost with this process is made good by the others' slow look.</summary>
    private async Task TellAsync()
    {
        NpgsqlConnection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _toTell.WaitAsync(_stop.Token).ConfigureAwait(false);
                connection ??= await _source.OpenConnectionAsync(_stop.Token).ConfigureAwait(false);
                await NotifyAsync(connection, _stop.Token).ConfigureAwait(false);
                await Task.Delay(Gap, TimeProvider.System, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (NpgsqlException)
            {
                if (connection is not null)
                    await connection.DisposeAsync().ConfigureAwait(false);
                connection = null;
                // Whatever it was that nobody has heard.
                Tell(isForWorkers: true);
                await WaitAsync(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
            }
        }
        if (connection is null)
            return;
        await TellTheLastAsync(connection).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task NotifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _told, 1);
        var text = Interlocked.Exchange(ref _isForWorkers, false) ? _self : _self + NotForWorkers;
        await using var notify = new NpgsqlCommand($"NOTIFY \"{_schema}\", '{text}'", connection);
        await notify.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was to be told when this was closed.</summary>
    private async Task TellTheLastAsync(NpgsqlConnection connection)
    {
        if (Volatile.Read(ref _told) == 1)
            return;
        try
        {
            using var enough = new CancellationTokenSource(LastMax);
            await NotifyAsync(connection, enough.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            // As if the process had died.
        }
    }

    private async Task WaitAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, TimeProvider.System, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
