using Kitaru.ControlPlane.Storage;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>
/// Threads with a connection each, for reading: as many as are busy at once, up to a few. Every read sees one unchanging view; its transaction begins with
/// its first statement and ends when its caller has the answer already.
/// </summary>
internal sealed class Readers(NpgsqlDataSource source, string schema, string store) : IDisposable
{
    private const int ReadersMax = 6;
    private const int TriesMax = 8;

    /// <summary>How long the end of a read's transaction waits for the next one, to travel with it.</summary>
    private const int LingerMilliseconds = 20;

    /// <summary>A pooled connection may have been a writer's.</summary>
    private const string Settings = "RESET plan_cache_mode; RESET enable_seqscan; SET jit = off";

    private const string EndText = "COMMIT";
    private const string BeginText = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    /// <summary>A monitor, whose waiting does not spin: a few idle threads would take a quarter of the processor from the rest.</summary>
    private readonly object _lock = new();
    private readonly Queue<Read> _queue = [];
    private readonly List<Thread> _threads = [];
    private int _idle;
    private bool _stopping;

    public Task<T> ReadAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        var read = new Read<T>(body);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _queue.Enqueue(read);
            if (_idle < _queue.Count && _threads.Count < ReadersMax)
            {
                var thread = new Thread(Loop) { IsBackground = true, Name = $"kitaru store reader {_threads.Count + 1}" };
                _threads.Add(thread);
                thread.Start();
            }
            Monitor.Pulse(_lock);
        }
        return read.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
                return;
            _stopping = true;
            Monitor.PulseAll(_lock);
        }
        foreach (var thread in _threads)
            thread.Join();
        foreach (var read in _queue)
            read.Fail(new ObjectDisposedException(nameof(Readers)));
    }

    private void Loop()
    {
        PostgresConnection? connection = null;
        while (Next(ref connection) is { } read)
            connection = Run(read, connection);
        connection?.Dispose();
    }

    private Read? Next(ref PostgresConnection? connection)
    {
        if (Wait(LingerMilliseconds, out var read))
            return read;
        connection = End(connection);
        _ = Wait(Timeout.Infinite, out read);
        return read;
    }

    /// <summary>False when the time is over; null when there will be nothing more.</summary>
    private bool Wait(int milliseconds, out Read? read)
    {
        lock (_lock)
        {
            _idle++;
            try
            {
                while (!_queue.TryDequeue(out read) && !_stopping)
                {
                    if (!Monitor.Wait(_lock, milliseconds))
                        return _queue.TryDequeue(out read);
                }
                return true;
            }
            finally
            {
                _idle--;
            }
        }
    }

    /// <summary>A connection that breaks before the answer is replaced, as long as there is another to be had: it may have stood idle while the server was started again, or been ended by somebody.</summary>
    private PostgresConnection? Run(Read read, PostgresConnection? connection)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                connection ??= PostgresConnection.Open(source, schema, Settings);
                connection.Post(new NpgsqlBatchCommand(BeginText), hasRows: false);
                read.Run(connection);
                connection.EndReading();
                read.Complete();
                connection.Post(new NpgsqlBatchCommand(EndText), hasRows: false);
                return connection;
            }
            catch (PostgresRefusal refusal)
            {
                var wasThere = connection is not null;
                connection?.Dispose();
                connection = null;
                if (read.IsDone)
                    return null;
                if (refusal.IsLost && wasThere && tries < TriesMax)
                    continue;
                read.Fail(PostgresErrors.Of((NpgsqlException)refusal.InnerException!, store, outcomeKnown: null));
                return null;
            }
#pragma warning disable CA1031 // What goes wrong in a read is its caller's.
            catch (Exception error)
#pragma warning restore CA1031
            {
                connection?.Dispose();
                read.Fail(error);
                return null;
            }
        }
    }

    private static PostgresConnection? End(PostgresConnection? connection)
    {
        try
        {
            connection?.Flush();
            return connection;
        }
        catch (PostgresRefusal)
        {
            connection?.Dispose();
            return null;
        }
    }

    private abstract class Read
    {
        public abstract bool IsDone { get; }

        public abstract void Run(Connection connection);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Read<T>(Func<Connection, T> body) : Read
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override bool IsDone => _done.Task.IsCompleted;

        public override void Run(Connection connection) => _result = body(connection);

        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception error) => _done.TrySetException(error);
    }
}
