namespace Kitaru.ControlPlane.Storage;

/// <summary>What waits for a writer's thread, in the order in which it came. Whoever queues wakes the thread only when it rests.</summary>
internal sealed class WriteQueue : IDisposable
{
    private const int MomentMilliseconds = 1;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Queue<WriteOperation> _queue = [];
    private State _state;
    private int _expected;
    private bool _stopping;

    private enum State
    {
        /// <summary>The writer's thread is at work, and will look again.</summary>
        Working,

        /// <summary>It waits for anything to come.</summary>
        Resting,

        /// <summary>Something has come, and it waits a moment for more.</summary>
        Gathering,

        /// <summary>It rests, and somebody else does its work.</summary>
        Lent,
    }

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
        Enqueue(operation, cancellationToken, mayLend: false);
        return operation.Task;
    }

    /// <summary>As <see cref="Add"/>, but where the writer's thread rests it may be left to rest, and somebody else does its work.</summary>
    /// <param name="operation">The change.</param>
    /// <param name="serve">Does the work, and calls <see cref="TakeBack"/> when it is done.</param>
    /// <param name="cancellationToken">Gives up before the change is begun.</param>
    public Task<T> AddOrServe<T>(WriteOperation<T> operation, Action serve, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        if (Enqueue(operation, cancellationToken, mayLend: true))
            serve();
        return operation.Task;
    }

    /// <summary>The work that was lent is done; what came meanwhile is the writer's.</summary>
    public void TakeBack()
    {
        lock (_lock)
        {
            _state = _queue.Count == 0 && !_stopping ? State.Resting : State.Working;
            if (_state == State.Resting)
                return;
        }
        Wake();
    }

    /// <summary>Says how many are likely to come at about the same time, because as many are about to be answered: the first waits a moment for the others.</summary>
    public void Expect(int count)
    {
        lock (_lock)
            _expected = count;
    }

    /// <summary>Waits until there is something; false when there is nothing and nothing more will come.</summary>
    public bool WaitForWork()
    {
        while (true)
        {
            bool gathers;
            lock (_lock)
            {
                if (_state != State.Lent)
                {
                    if (_queue.Count == 0 && _stopping)
                        return false;
                    _state = _queue.Count == 0 ? State.Resting : _queue.Count < _expected && !_stopping ? State.Gathering : State.Working;
                    if (_state == State.Working)
                        return true;
                }
                gathers = _state == State.Gathering;
            }
            if (!gathers)
            {
                _arrived.WaitOne();
                continue;
            }
            _arrived.WaitOne(MomentMilliseconds);
            lock (_lock)
                _state = State.Working;
            return true;
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

    /// <summary>True when the caller is to do the writer's work.</summary>
    private bool Enqueue<T>(WriteOperation<T> operation, CancellationToken cancellationToken, bool mayLend)
    {
        operation.CancelWith(cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _queue.Enqueue(operation);
            if (_state == State.Resting && mayLend && _expected <= 1)
            {
                _state = State.Lent;
                return true;
            }
            if (_state != State.Resting && (_state != State.Gathering || _queue.Count < _expected))
                return false;
            _state = State.Working;
        }
        Wake();
        return false;
    }

    private void Wake()
    {
        try
        {
            _arrived.Set();
        }
        catch (ObjectDisposedException)
        {
            // Being stopped woke the writer's thread first, and it has ended with all that was queued done.
        }
    }

    private static bool IsAlone(WriteOperation operation) => (operation.Traits & WriteTraits.Alone) != 0;
}
