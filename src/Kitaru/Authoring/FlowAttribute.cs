namespace Kitaru;

/// <summary>
/// Makes a method a flow: its execution is recorded and survives crashes. The method may be static or instance, and return
/// <see cref="Task"/>, <see cref="ValueTask"/>, a value or nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class FlowAttribute : Attribute
{
    /// <summary>The flow's name.</summary>
    /// <value>Default: the method's name in snake_case without <c>Async</c>.</value>
    public string? Name { get; set; }

    /// <summary>The stack its executions run on.</summary>
    /// <value>Default: the active stack.</value>
    public string? Stack { get; set; }

    /// <summary>
    /// What its processes are made of: an image's name, or a JSON object such as <c>{"environment": {"REGION": "eu"}}</c>.
    /// </summary>
    /// <value>Default: not set.</value>
    public string? Image { get; set; }

    /// <summary>Whether checkpoints may reuse results of other executions. Set, it overrides every checkpoint.</summary>
    /// <value>Default: not set; each checkpoint decides.</value>
    public bool Cache { get; set; }

    /// <summary>How often the whole flow is tried again after a failure; finished checkpoints are reused.</summary>
    /// <value>Default: 0.</value>
    public int Retries { get; set; }
}
