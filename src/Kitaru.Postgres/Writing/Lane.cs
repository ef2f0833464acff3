using Kitaru.ControlPlane.Storage;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>
/// One of a store's writers: a thread with a connection that commits whatever is queued in one transaction. What comes while it rests is committed by whoever brings it. Single statements alone travel in one round trip. Whatever goes wrong in company is done again one by one, so a refusal concerns its own caller only.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int OperationsMax = 256;
    private const int BatchBytesMax = 4 * 1024 * 1024;
    private const int ConflictsMax = 20;

    /// <summary>From so many on, those that were answered together are waited for to come back together.</summary>
    private const int GatheredMin = 4;

    private readonly LaneConnection _connection;
    private readonly Action<bool> _changed;
    private readonly Thread _thread;
    private readonly WriteQueue _queue = new();
    private readonly List<WriteOperation> _batch = [];

    /// <param name="connection">Owned by the lane from here on.</param>
    /// <param name="changed">Called after a commit that somebody may wait for, with whether workers may.</param>
    /// <param name="number">For the thread's name.</param>
    public Lane(LaneConnection connection, Action<bool> changed, int number)
    {
        (_connection, _changed) = (connection, changed);
        _thread = new Thread(Loop) { IsBackground = true, Name = $"kitaru store writer {number}" };
        _thread.Start();
    }

    /// <inheritdoc cref="WriteQueue.Count"/>
    public int Queued => _queue.Count;

    /// <inheritdoc cref="WriteQueue.Add"/>
    public Task<T> Add<T>(WriteOperation<T> operation, CancellationToken cancellationToken) =>
        // Only a thread of the pool is kept waiting for an answer, and no more than one of them.
        operation is RepeatableOperation && Thread.CurrentThread.IsThreadPoolThread ? _queue.AddOrServe(operation, ServeLent, cancellationToken) : _queue.Add(operation, cancellationToken);

    /// <summary>Commits what is queued, then ends the thread.</summary>
    public void Dispose()
    {
        if (!_queue.Stop())
            return;
        _connection.Stop();
        _thread.Join();
        _connection.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        while (_queue.WaitForWork())
            Serve();
    }

    /// <summary>Commits one batch of what is queued.</summary>
    private void Serve()
    {
        Take();
        if (_batch.Count > 0)
            CommitAll();
        Answer();
    }

    /// <summary>As <see cref="Serve"/> while the thread rests, on the caller's: each change of threads costs as much as a good part of the commit. What fails at first is somebody else's to repeat.</summary>
    private void ServeLent()
    {
        Take();
        if (_batch.Count == 0 || (_batch.TrueForAll(operation => operation is RepeatableOperation) && _connection.TryCommit(_batch)))
            GiveBack();
        else
            _ = Task.Factory.StartNew(RepeatLent, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void RepeatLent()
    {
        CommitAll();
        GiveBack();
    }

    private void GiveBack()
    {
        Answer();
        _queue.TakeBack();
    }

    private void Answer()
    {
        _queue.Expect(_batch.Count < GatheredMin ? 1 : _batch.Count);
        var (notifies, isForWorkers) = (false, false);
        foreach (var operation in _batch)
        {
            notifies |= (operation.Traits & WriteTraits.Notifies) != 0;
            isForWorkers |= (operation.Traits & (WriteTraits.Notifies | WriteTraits.NotForWorkers)) == WriteTraits.Notifies;
            operation.Complete();
        }
        _batch.Clear();
        if (notifies)
            _changed(isForWorkers);
    }

    private void Take()
    {
        var sizeBytes = 0L;
        while (_batch.Count < OperationsMax && sizeBytes < BatchBytesMax && _queue.TryTake(behind: _batch.Count > 0 ? _batch[^1] : null) is { } operation)
        {
            if (!operation.TryStart())
                continue;
            _batch.Add(operation);
            sizeBytes += operation.SizeBytes;
        }
    }

    private void CommitAll()
    {
        if (_batch.Count > 1 && TryTogether())
            return;
        foreach (var operation in _batch)
            CommitOne(operation);
    }

    /// <summary>False when nothing of it was kept, so that each is to be done by itself.</summary>
    private bool TryTogether()
    {
        try
        {
            _connection.Commit(_batch);
            return true;
        }
        catch (OutcomeUnknownException unknown)
        {
            foreach (var operation in _batch.Where(operation => operation is not RepeatableOperation))
                operation.Refuse(unknown.InnerException!);
            foreach (var operation in _batch.OfType<RepeatableOperation>())
                CommitOne(operation);
            return true;
        }
        catch (AnswersLostException)
        {
            foreach (var operation in _batch.OfType<RepeatableOperation>())
                CommitOne(operation);
            return true;
        }
        catch (PostgresRefusal refusal) when (refusal.IsLost)
        {
            // It was waited for long enough, for all of them.
            foreach (var operation in _batch)
                operation.Refuse(PostgresErrors.Of((NpgsqlException)refusal.InnerException!, _connection.Store));
            return true;
        }
#pragma warning disable CA1031 // Whatever it was comes again for the one it concerns.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private void CommitOne(WriteOperation operation)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                _connection.Commit([operation]);
                return;
            }
            catch (PostgresRefusal refusal) when (refusal.IsConflict && conflicts < ConflictsMax)
            {
                // The other one of the two has gone through.
            }
            catch (PostgresRefusal refusal)
            {
                operation.Refuse(PostgresErrors.Of((NpgsqlException)refusal.InnerException!, _connection.Store));
                return;
            }
            catch (AnswersLostException)
            {
                if (operation is not RepeatableOperation)
                    return;
            }
            catch (OutcomeUnknownException unknown)
            {
                if (operation is RepeatableOperation && conflicts < ConflictsMax)
                    continue;
                operation.Refuse(unknown.InnerException!);
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong in one operation belongs to its caller, not to the thread all share.
            catch (Exception error)
#pragma warning restore CA1031
            {
                operation.Refuse(error);
                return;
            }
        }
    }
}

/// <summary>The commit was sent and nobody can say what became of it; the inner exception is the callers'.</summary>
internal sealed class OutcomeUnknownException(KitaruBackendException error) : Exception(error.Message, error);

/// <summary>It was committed, but the counts of its single statements did not arrive.</summary>
internal sealed class AnswersLostException() : Exception("committed; some answers were lost");
