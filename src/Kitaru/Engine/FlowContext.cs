namespace Kitaru.Engine;

/// <summary>
/// The single-threaded context a flow body runs on. Work is queued from the body's own thread only; a post from anywhere else means
/// the body awaited something that is not recorded, which no re-run could repeat.
/// </summary>
internal sealed class FlowContext(Action<string> onViolation) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private int _threadId;

    public bool IsRunning => Volatile.Read(ref _threadId) != 0;

    public bool IsCurrentThread => Volatile.Read(ref _threadId) == Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrentThread)
            _queue.Enqueue((d, state));
        else
            onViolation("The flow body awaited something that is not recorded (a timer, I/O or a task of another thread).");
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrentThread)
            d(state);
        else
            onViolation("Code outside the flow body tried to run on the flow's thread.");
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="first"/> and everything it leads to until nothing is left.</summary>
    public void RunUntilIdle(Action first)
    {
        var before = Current;
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        SetSynchronizationContext(this);
        try
        {
            first();
            while (_queue.TryDequeue(out var work))
                work.Callback(work.State);
        }
        finally
        {
            SetSynchronizationContext(before);
            Volatile.Write(ref _threadId, 0);
        }
    }
}
