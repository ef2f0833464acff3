namespace Kitaru;

/// <summary>
/// Makes a method a checkpoint: called from a flow body, its outcome is recorded once and reused whenever the flow runs again.
/// Outside a flow the call is an ordinary call; inside another checkpoint it is part of the outer one.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CheckpointAttribute : Attribute
{
    /// <summary>The checkpoint's name.</summary>
    /// <value>Default: the method's name in snake_case without <c>Async</c>.</value>
    public string? Name { get; set; }

    /// <summary>How often it is tried again after a failure; every attempt is recorded.</summary>
    /// <value>Default: 0.</value>
    public int Retries { get; set; }

    /// <summary>Seconds before the first retry.</summary>
    /// <value>Default: 1.</value>
    public double BackoffSeconds { get; set; } = 1;

    /// <summary>By what the wait grows from one retry to the next.</summary>
    /// <value>Default: 2.</value>
    public double BackoffFactor { get; set; } = 2;

    /// <summary>The longest wait between two attempts, in seconds.</summary>
    /// <value>Default: 60.</value>
    public double MaxBackoffSeconds { get; set; } = 60;

    /// <summary>A label: <c>llm_call</c> and <c>tool_call</c> are known; any other word is kept in the metadata.</summary>
    /// <value>Default: none.</value>
    public string? Type { get; set; }

    /// <summary>Seconds one attempt may take; then its token is cancelled and the attempt counts as failed.</summary>
    /// <value>Default: 0, no limit.</value>
    public double TimeoutSeconds { get; set; }

    /// <summary>
    /// Whether the result may be reused by other executions with the same code and arguments; the cache setting of a flow, a deployment or
    /// the configuration overrides it. What else a result depends on, such as the fields of an instance or the value of a secret, the cache does not see.
    /// </summary>
    /// <value>Default: not set, which means no.</value>
    public bool Cache { get; set; }
}
