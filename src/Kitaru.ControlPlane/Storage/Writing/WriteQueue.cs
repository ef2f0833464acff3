namespace Kitaru.ControlPlane.Storage;

/// <summary>What waits for a writer's thread, in the order in which it came. Whoever queues wakes the thread only when it rests.</summary>
internal sealed class WriteQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Queue<WriteOperation> _queue = [];
    private bool _idle;
    private bool _stopping;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    /// <summary>Queues a change; the task ends when its writer has told its outcome.</summary>
    public Task<T> Add<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        operation.CancelWith(cancellationToken);
        bool wake;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _queue.Enqueue(operation);
            (wake, _idle) = (_idle, false);
        }
        if (wake)
            _arrived.Set();
        return operation.Task;
    }

    /// <summary>Waits until there is something; false when there is nothing and nothing more will come.</summary>
    public bool WaitForWork()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_queue.Count > 0)
                    return true;
                if (_stopping)
                    return false;
                _idle = true;
            }
            _arrived.WaitOne();
        }
    }

    /// <summary>The next operation, unless it, or the one before it in this batch, wants to be alone; null when there is none.</summary>
    public WriteOperation? TryTake(WriteOperation? behind = null)
    {
        lock (_lock)
        {
            if (behind is not null && (IsAlone(behind) || (_queue.TryPeek(out var next) && IsAlone(next))))
                return null;
            return _queue.TryDequeue(out var operation) ? operation : null;
        }
    }

    /// <summary>Takes nothing more; false when it was stopped before.</summary>
    public bool Stop()
    {
        lock (_lock)
        {
            if (_stopping)
                return false;
            _stopping = true;
        }
        _arrived.Set();
        return true;
    }

    public void Dispose() => _arrived.Dispose();

    private static bool IsAlone(WriteOperation operation) => (operation.Traits & WriteTraits.Alone) != 0;
}
