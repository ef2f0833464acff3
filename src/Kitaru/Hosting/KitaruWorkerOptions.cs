namespace Kitaru;

/// <summary>How a program works on its own flows; for <c>AddKitaruWorker</c>.</summary>
public sealed class KitaruWorkerOptions
{
    /// <summary>How many executions it runs at once; those that only rest on a wait or a sleep do not count.</summary>
    /// <value>Default: 16.</value>
    public int Concurrency { get; set; } = 16;

    /// <summary>How many executions of a flow it runs at once, by the flow's name; flows that are not named have no limit of their own.</summary>
    public IDictionary<string, int> FlowConcurrency { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How long running checkpoints may take to end when the program stops; what is left is handed over to another worker.</summary>
    /// <value>Default: ten seconds. The host's own shutdown timeout should be longer.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <exception cref="KitaruUsageException">A number makes no sense.</exception>
    internal void Check()
    {
        if (Concurrency < 1)
            throw new KitaruUsageException($"{nameof(KitaruWorkerOptions)}.{nameof(Concurrency)} must be at least 1; it is {Concurrency}.");
        if (FlowConcurrency.FirstOrDefault(limit => limit.Value < 1) is { Key: { } flow, Value: var wrong })
            throw new KitaruUsageException($"{nameof(KitaruWorkerOptions)}.{nameof(FlowConcurrency)}[\"{flow}\"] must be at least 1; it is {wrong}.");
        if (DrainTimeout < TimeSpan.Zero)
            throw new KitaruUsageException($"{nameof(KitaruWorkerOptions)}.{nameof(DrainTimeout)} must not be negative; it is {DrainTimeout}.");
    }
}
