using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Engine;
using Kitaru.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kitaru;

/// <summary>What flow and checkpoint code can ask of Kitaru.</summary>
public static partial class Flow
{
    /// <summary>How long a worker stays with a wait before it lets go, unless the wait says otherwise (runtime.md 5.1).</summary>
    public static readonly TimeSpan DefaultWaitTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The execution this code belongs to, or null outside a flow.</summary>
    public static ExecutionId? ExecutionId => FlowScope.Run?.Execution.Id;

    /// <summary>Whether this execution replays another one; guard side effects with it.</summary>
    public static bool IsReplay => FlowScope.Run?.Execution.OriginalId is not null;

    /// <summary>Cancelled when the execution is cancelled or leaves this worker; in a checkpoint also when its time is over.</summary>
    public static CancellationToken CancellationToken =>
        FlowScope.Checkpoint?.CancellationToken ?? FlowScope.Run?.StopToken ?? CancellationToken.None;

    /// <summary>A logger whose lines become log entries of the execution.</summary>
    public static ILogger Logger => FlowScope.Run?.Logger ?? NullLogger.Instance;

    /// <summary>
    /// Asks a question and waits for the answer, for days if need be; no process is held meanwhile.
    /// </summary>
    /// <typeparam name="T">What the answer must be; its JSON Schema is shown to whoever answers.</typeparam>
    /// <param name="name">The wait's name; a repeated one gets an ordinal. Default: <c>wait_condition:0</c> and so on.</param>
    /// <param name="question">What to ask.</param>
    /// <param name="timeout">How long the worker stays before it lets go. The wait itself never ends by itself. Default: ten minutes.</param>
    /// <param name="metadata">Shown with the question.</param>
    /// <exception cref="WaitAbortedException">Somebody aborted the wait.</exception>
    /// <exception cref="KitaruContextException">Not in a flow body.</exception>
    public static Task<T> WaitAsync<T>(string? name = null, string? question = null, TimeSpan? timeout = null, JsonObject? metadata = null)
    {
        if (name is not null && string.IsNullOrWhiteSpace(name))
            throw new KitaruUsageException("A wait's name must not be blank.", "Leave it out or give it a word such as approve_draft.");
        return Body("Flow.WaitAsync").WaitAsync<T>(name, question, WaitSchema.For<T>(), timeout ?? DefaultWaitTimeout, metadata);
    }

    /// <summary>Waits for any JSON value.</summary>
    /// <inheritdoc cref="WaitAsync{T}"/>
    public static Task<JsonElement> WaitAsync(string? name = null, string? question = null, TimeSpan? timeout = null, JsonObject? metadata = null) =>
        WaitAsync<JsonElement>(name, question, timeout, metadata);

    /// <summary>Sleeps durably: after a short while no process is held.</summary>
    /// <exception cref="KitaruContextException">Not in a flow body.</exception>
    public static Task SleepAsync(TimeSpan duration)
    {
        var run = Body("Flow.SleepAsync");
        return run.SleepUntilAsync(run.RecordedNow + (duration < TimeSpan.Zero ? TimeSpan.Zero : duration));
    }

    /// <summary>Sleeps durably until a moment.</summary>
    /// <exception cref="KitaruContextException">Not in a flow body.</exception>
    public static Task SleepUntilAsync(DateTimeOffset due) => Body("Flow.SleepUntilAsync").SleepUntilAsync(due);

    /// <summary>Runs a checkpoint without an attribute: for names made at run time and for libraries.</summary>
    public static Task<T> CheckpointAsync<T>(
        string name, Func<CancellationToken, Task<T>> body, CheckpointOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(body);
        options ??= new CheckpointOptions();
        return FlowScope.FlowBody is { } run
            ? run.CallAsync(Definition(name, options), [], cancellationToken, body, options.Key)
            : CheckpointCalls.RunAsync(Definition(name, options), [], cancellationToken, body);
    }

    /// <summary>Runs a checkpoint without an attribute and without a value.</summary>
    public static Task CheckpointAsync(
        string name, Func<CancellationToken, Task> body, CheckpointOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return CheckpointAsync(name, async token =>
        {
            await body(token).ConfigureAwait(false);
            return default(NoValue);
        }, options, cancellationToken);
    }

    /// <summary>
    /// Sets metadata: the checkpoint's inside one, the execution's in the flow body. Two objects under one key merge, anything else
    /// is replaced (runtime.md 10.1).
    /// </summary>
    /// <exception cref="KitaruContextException">Outside a flow.</exception>
    public static void SetMetadata<T>(string key, T value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        var node = JsonSerializer.SerializeToNode(value, ValueCodec.Json);
        if (FlowScope.Checkpoint is { } checkpoint)
            checkpoint.SetMetadata(key, node);
        else
            Body("Flow.SetMetadata").SetMetadata(key, node);
    }

    private static CheckpointDefinition Definition(string name, CheckpointOptions options) => new(name)
    {
        Retries = Math.Max(0, options.Retries),
        BackoffSeconds = options.Backoff.TotalSeconds,
        Type = options.Type,
        TimeoutSeconds = options.Timeout?.TotalSeconds ?? 0,
        Cache = options.CacheKey is null ? null : true,
        CacheKey = options.CacheKey,
        CanCache = options.CacheKey is not null,
    };

    private static FlowRun Body(string what) => FlowScope.FlowBody ?? throw new KitaruContextException(
        FlowScope.Checkpoint is null
            ? $"{what} works only in the body of a running flow; this code runs outside one."
            : $"{what} works only in a flow body, not inside a checkpoint: a checkpoint is recorded as a whole.",
        FlowScope.Checkpoint is null
            ? "Start the flow with KitaruClient.RunAsync or kitaru_executions_run."
            : "Call it in the flow body, before or after the checkpoint.");
}
