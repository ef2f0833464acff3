namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// Tells waiters that the store may have changed: at once for this process's own commits that matter to others, within one poll for
/// everything else. SQLite's <c>data_version</c> is the truth; it is asked only while somebody waits.
/// </summary>
/// <param name="path">The database, or null for one that only this process has.</param>
/// <param name="time">The clock of the polls.</param>
internal sealed class ChangeWatch(string? path, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Where something has just changed, more is likely to: a call that another process answers should not wait for the next slow look.</summary>
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(4);

    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(2);
    private static readonly Sql VersionSql = new("PRAGMA data_version");

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _connection;
    private long _version;
    private long _mark = 1;
    private int _waiters;
    private long _movedAt;
    private bool _polling;
    private bool _disposed;

    public async Task<long> WaitAsync(long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_mark > seen)
                    return _mark;
                next = _next.Task;
                _waiters++;
                if (!_polling && path is not null)
                {
                    _polling = true;
                    _ = PollAsync(path);
                }
            }
            try
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                    _waiters--;
            }
        }
    }

    /// <summary>Wakes every waiter.</summary>
    public void Signal()
    {
        TaskCompletionSource woken;
        lock (_lock)
        {
            _mark++;
            _movedAt = time.GetTimestamp();
            if (_waiters == 0)
                return;
            woken = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        woken.TrySetResult();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _next.TrySetException(new ObjectDisposedException(nameof(ChangeWatch)));
            if (!_polling)
                _connection?.Dispose();
        }
        _stop.Cancel();
    }

    private async Task PollAsync(string path)
    {
        try
        {
            while (true)
            {
                // The first look comes without delay: the store may have changed while nobody waited.
                if (HasMoved(path))
                    Signal();
                await Task.Delay(IsBusy ? BusyPollInterval : PollInterval, time, _stop.Token).ConfigureAwait(false);
                lock (_lock)
                {
                    if (_waiters > 0 && !_disposed)
                        continue;
                    _polling = false;
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Close();
        }
        catch (SqliteException error)
        {
            lock (_lock)
            {
                _polling = false;
                _next.TrySetException(StoreErrors.Of(error, path));
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private bool IsBusy
    {
        get
        {
            lock (_lock)
                return time.GetElapsedTime(_movedAt) < BusyFor;
        }
    }

    private void Close()
    {
        lock (_lock)
        {
            _polling = false;
            _connection?.Dispose();
            _connection = null;
        }
    }

    private bool HasMoved(string path)
    {
        _connection ??= ReaderPool.Open(path);
        using var statement = _connection.Use(VersionSql);
        statement.Step();
        var version = statement.Int64();
        if (version == _version)
            return false;
        _version = version;
        return true;
    }
}
