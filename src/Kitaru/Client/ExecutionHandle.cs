namespace Kitaru;

/// <summary>A reference to an execution; it runs on whether or not anybody holds one.</summary>
public class ExecutionHandle
{
    internal ExecutionHandle(KitaruClient client, ExecutionId id, string? warning = null)
    {
        Client = client;
        Id = id;
        Warning = warning;
    }

    /// <summary>The execution's id.</summary>
    public ExecutionId Id { get; }

    /// <summary>What is not as it was asked for, or null.</summary>
    public string? Warning { get; }

    private protected KitaruClient Client { get; }

    /// <summary>Where it stands now.</summary>
    public async Task<ExecutionStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        (await Client.Executions.FindAsync(Id, cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>Waits for the end.</summary>
    /// <param name="timeout">How long at most. Default: for ever.</param>
    /// <param name="throwOnWait">Throw as soon as it waits for input, naming the wait and the call that answers it.</param>
    /// <param name="cancellationToken">Stops waiting; the execution goes on.</param>
    /// <exception cref="KitaruTimeoutException">The time is over.</exception>
    /// <exception cref="KitaruStateException">It waits for input, and that was asked to be told.</exception>
    /// <exception cref="KitaruExecutionException">It failed or was cancelled.</exception>
    public Task WaitAsync(TimeSpan? timeout = null, bool throwOnWait = false, CancellationToken cancellationToken = default) =>
        Client.Executions.WaitForEndAsync(Id, timeout, throwOnWait, cancellationToken);

    /// <summary>The result as <typeparamref name="T"/>, without waiting.</summary>
    /// <exception cref="KitaruStateException">It has not ended.</exception>
    /// <exception cref="KitaruExecutionException">It failed or was cancelled.</exception>
    public Task<T> GetAsync<T>(CancellationToken cancellationToken = default) => Client.Executions.GetResultAsync<T>(Id, cancellationToken);
}

/// <summary>A replay that was started.</summary>
public sealed class ReplayHandle : ExecutionHandle
{
    internal ReplayHandle(KitaruClient client, ExecutionId id, string? warning)
        : base(client, id, warning)
    {
    }
}

/// <inheritdoc/>
public sealed class ExecutionHandle<T> : ExecutionHandle
{
    internal ExecutionHandle(KitaruClient client, ExecutionId id, string? warning)
        : base(client, id, warning)
    {
    }

    /// <summary>Waits for the end and returns the flow's result.</summary>
    /// <inheritdoc cref="ExecutionHandle.WaitAsync"/>
    public new async Task<T> WaitAsync(TimeSpan? timeout = null, bool throwOnWait = false, CancellationToken cancellationToken = default)
    {
        var result = await Client.Executions.WaitForEndAsync(Id, timeout, throwOnWait, cancellationToken).ConfigureAwait(false);
        return await Client.Executions.ReadResultAsync<T>(result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The result, without waiting.</summary>
    /// <inheritdoc cref="ExecutionHandle.GetAsync{T}"/>
    public Task<T> GetAsync(CancellationToken cancellationToken = default) => GetAsync<T>(cancellationToken);
}
