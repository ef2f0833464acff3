namespace Kitaru.ControlPlane.Storage;

/// <summary>How an operation is run and told about.</summary>
[Flags]
internal enum WriteTraits
{
    /// <summary>One statement, atomic by itself.</summary>
    None = 0,

    /// <summary>Several statements: all of them or none.</summary>
    Several = 1,

    /// <summary>Whoever waits for changes is woken at once instead of by the next poll.</summary>
    Notifies = 2,

    /// <summary>In a transaction of its own: it goes by what is committed, not by what stands beside it and may yet be undone.</summary>
    Alone = 4,

    /// <summary>Whoever else writes of the same execution, the one it is bound to, is waited for first.</summary>
    Locks = 8,

    /// <summary>Those who are woken only look on: it leaves a worker nothing to do.</summary>
    NotForWorkers = 16,
}

/// <summary>What a driver needs to know of a change before it makes it.</summary>
/// <param name="Traits">How it is run and told about.</param>
/// <param name="SizeBytes">Roughly how much it adds to the log, to bound a batch.</param>
/// <param name="Affinity">Changes with the same one are made in the order they were asked for: the execution's id. Empty when it does not matter.</param>
internal readonly record struct WriteShape(WriteTraits Traits, int SizeBytes, Guid Affinity = default);

/// <summary>One caller's change in the queue of a writer.</summary>
internal abstract class WriteOperation(WriteShape shape)
{
    public WriteTraits Traits => shape.Traits;

    public int SizeBytes => shape.SizeBytes;

    public Guid Affinity => shape.Affinity;

    /// <summary>Claims it for running; false when its caller has given up.</summary>
    public abstract bool TryStart();

    /// <summary>Makes the change inside the open transaction.</summary>
    public abstract void Run(Connection connection);

    /// <summary>Its own refusal; the rest of the batch goes on.</summary>
    public abstract void Refuse(Exception error);

    /// <summary>Tells the caller, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that its batch was not, or may not have been, committed.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc cref="WriteOperation"/>
internal class WriteOperation<T>(Func<Connection, T> body, WriteShape shape) : WriteOperation(shape)
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private int _state;
    private T _result = default!;
    private Exception? _refusal;

    public Task<T> Task => _done.Task;

    /// <summary>A cancelled operation was not run; one that has started is no longer cancelled, so its outcome is always known.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return;
        _registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var self = (WriteOperation<T>)state!;
                if (Interlocked.CompareExchange(ref self._state, GivenUp, Waiting) == Waiting)
                    self._done.TrySetCanceled(token);
            },
            this);
    }

    public override bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    public override void Run(Connection connection) => _result = body(connection);

    /// <summary>What came of it, where the driver ran it by other means than <see cref="Run"/>.</summary>
    public void Answer(T result) => _result = result;

    public override void Refuse(Exception error) => _refusal = error;

    public override void Complete()
    {
        _registration.Dispose();
        if (_refusal is null)
            _done.TrySetResult(_result);
        else
            _done.TrySetException(_refusal);
    }

    public override void Fail(Exception error)
    {
        _registration.Dispose();
        _done.TrySetException(_refusal ?? error);
    }
}
