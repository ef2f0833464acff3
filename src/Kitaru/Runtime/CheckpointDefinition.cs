using System.ComponentModel;

namespace Kitaru.Runtime;

/// <summary>What the generator, or <see cref="Flow.CheckpointAsync{T}(string, Func{CancellationToken, Task{T}}, CheckpointOptions?, CancellationToken)"/>, says of a checkpoint.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CheckpointDefinition(string Name)
{
    /// <summary>Retries after the first failure.</summary>
    public int Retries { get; init; }

    /// <summary>Before the first retry.</summary>
    public double BackoffSeconds { get; init; } = 1;

    /// <summary>Growth of the wait.</summary>
    public double BackoffFactor { get; init; } = 2;

    /// <summary>Longest wait.</summary>
    public double MaxBackoffSeconds { get; init; } = 60;

    /// <summary>Label.</summary>
    public string? Type { get; init; }

    /// <summary>Limit of one attempt; 0 for none.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>Reuse across executions; null when not set.</summary>
    public bool? Cache { get; init; }

    /// <summary>The method, with its type and parameters; another method of the same name shares no result with it.</summary>
    public string? Method { get; init; }

    /// <summary>What tells calls without arguments apart in the cache.</summary>
    public string? CacheKey { get; init; }

    /// <summary>Whether its arguments, or <see cref="CacheKey"/>, say all that its result depends on.</summary>
    public bool CanCache { get; init; } = true;

    /// <summary>Names of the arguments that are passed along, in order; a CancellationToken is not among them.</summary>
    public string[] Parameters { get; init; } = [];
}
