using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What an execution is doing, or why it does nothing: finer than its status. On the wire in snake_case.</summary>
public enum Situation
{
    /// <summary>It asks for input; nothing happens until somebody answers.</summary>
    WaitingForInput,

    /// <summary>Ready or about to be, and a worker of its code is alive.</summary>
    Queued,

    /// <summary>Ready or about to be, and no living process serves its code.</summary>
    QueuedWithoutWorker,

    /// <summary>A durable sleep; it goes on by itself.</summary>
    Sleeping,

    /// <summary>A checkpoint failed and rests before its next attempt.</summary>
    RetryBackoff,

    /// <summary>A worker runs it.</summary>
    Running,

    /// <summary>A living worker holds it, but nothing was recorded or logged for a long time.</summary>
    NoProgress,

    /// <summary>The worker that holds it died or is silent; another one takes over.</summary>
    WorkerLost,

    /// <summary>The flow's or a checkpoint's own code threw.</summary>
    FailedInUserCode,

    /// <summary>Kitaru could not go on: serialization, the worker, the engine.</summary>
    FailedInRuntime,

    /// <summary>The store or server failed.</summary>
    FailedInBackend,

    /// <summary>The code no longer asks for what was recorded.</summary>
    Diverged,

    /// <summary>Its workers died again and again over it.</summary>
    Poisoned,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The flow returned.</summary>
    Completed,
}

/// <summary>Where an execution stands, in words, with what supports them and what to do next.</summary>
/// <param name="ExecutionId">Whose.</param>
/// <param name="FlowName">The name of its flow.</param>
/// <param name="Status">Its status.</param>
/// <param name="Situation">The stable word.</param>
/// <param name="Summary">One or two plain sentences.</param>
/// <param name="Evidence">What the summary rests on, the weightiest first.</param>
/// <param name="Next">The calls that make sense now, the best first.</param>
public sealed record Explanation(
    ExecutionId ExecutionId,
    string FlowName,
    ExecutionStatus Status,
    Situation Situation,
    string Summary,
    IReadOnlyList<Evidence> Evidence,
    IReadOnlyList<NextCall> Next);

/// <summary>One fact.</summary>
/// <param name="What">Which, a short word in snake_case.</param>
/// <param name="Value">The fact: ids, times, names, texts.</param>
public sealed record Evidence(string What, JsonNode? Value);

/// <summary>A tool call that makes sense now.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">Ready to be sent; a placeholder in angle brackets stands only where a human must decide.</param>
/// <param name="Why">What it is good for.</param>
public sealed record NextCall(string Tool, JsonObject Arguments, string Why);
