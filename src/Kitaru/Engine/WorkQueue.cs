namespace Kitaru.Engine;

/// <summary>Where the engine's work goes when it leaves the present thread; a simulation puts its own scheduler here.</summary>
internal class WorkQueue
{
    public virtual void Enqueue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
