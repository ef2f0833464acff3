namespace Kitaru;

/// <summary>Options of <see cref="Flow.CheckpointAsync{T}(string, Func{CancellationToken, Task{T}}, CheckpointOptions?, CancellationToken)"/>.</summary>
public sealed record CheckpointOptions
{
    /// <summary>How often it is tried again after a failure.</summary>
    /// <value>Default: 0.</value>
    public int Retries { get; init; }

    /// <summary>The wait before the first retry; later ones double it, up to a minute.</summary>
    /// <value>Default: one second.</value>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A label such as <c>llm_call</c> or <c>tool_call</c>.</summary>
    public string? Type { get; init; }

    /// <summary>How long one attempt may take.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The call's identity in this execution. Without it the name and the order of calls identify it.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// Lets other executions of the same code reuse the result, under the checkpoint's name and this text: it has to say everything the
    /// result depends on, for example the prompt.
    /// </summary>
    /// <value>Default: null; the result is not reused, whatever the flow's cache setting says.</value>
    public string? CacheKey { get; init; }
}
