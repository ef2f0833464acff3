using System.Text.Json.Nodes;

namespace Kitaru;

/// <summary>What a replay changes.</summary>
public sealed record ReplayOptions
{
    /// <summary>Values by <c>checkpoint.&lt;name or call id&gt;</c>; each takes the place of that call's output (runtime.md 6.1).</summary>
    public JsonObject? Overrides { get; init; }

    /// <summary>Flow inputs by parameter name, on top of the recorded ones.</summary>
    public JsonObject? FlowInputs { get; init; }

    /// <summary>Names or ids of calls to reuse even where they would run again.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>The code it runs.</summary>
    /// <value>Default: for an execution of a deployment the deployment's code; else the target's present code, or the recorded code when its source is gone.</value>
    public ExecutionCode? Code { get; init; }

    /// <summary>Run the code of this deployment of the flow, instead of <see cref="Code"/>; stack and settings stay those of the execution.</summary>
    public int? Version { get; init; }

    /// <summary>Build this target and run its code, instead of <see cref="Code"/>; it must be the same flow.</summary>
    public string? Target { get; init; }

    /// <summary>The stack to run on, by name or id.</summary>
    /// <value>Default: the stack and environment of the execution that is replayed.</value>
    public string? Stack { get; init; }

    /// <summary>Merged with the image of the execution that is replayed.</summary>
    public ImageSettings? Image { get; init; }

    /// <summary>Whether checkpoints may reuse results of other executions; set, it overrides every checkpoint.</summary>
    /// <value>Default: as in the execution that is replayed.</value>
    public bool? Cache { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    /// <value>Default: as in the execution that is replayed.</value>
    public int? Retries { get; init; }

    internal ExecutionSettings Settings => new() { Stack = Stack, Image = Image, Cache = Cache, Retries = Retries };

    /// <summary>Free labels of the new execution.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Metadata the new execution has from the first moment on.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>A second replay with the same key returns the first one's execution.</summary>
    public string? IdempotencyKey { get; init; }
}
