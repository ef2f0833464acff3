using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru;

/// <summary>
/// The root of every error Kitaru raises. <see cref="Code"/> is the contract's type name (runtime.md 12.1); it stays the
/// same across MCP, HTTP and the CLI. A message says which thing, what rule, what was seen; <see cref="NextStep"/> what to do.
/// </summary>
public class KitaruException : Exception
{
    /// <summary>Creates the error; prefer a derived type.</summary>
    public KitaruException(string message, string? nextStep = null, Exception? inner = null)
        : base(message, inner) => NextStep = nextStep;

    /// <summary>The contract's name of this error, for example <c>KitaruStateError</c>.</summary>
    public virtual string Code => "KitaruError";

    /// <summary>The next call or edit that gets the caller further, or null.</summary>
    public string? NextStep { get; }

    /// <summary>Machine-readable particulars such as <c>argument</c>, <c>expected</c>, <c>got</c>, <c>nearest</c>.</summary>
    public JsonObject? Details { get; init; }
}

/// <summary>The caller's input is wrong.</summary>
public class KitaruUsageException(string message, string? nextStep = null, Exception? inner = null)
    : KitaruException(message, nextStep, inner)
{
    /// <inheritdoc/>
    public override string Code => "KitaruUsageError";

    internal static KitaruUsageException BadId(string what, string text) => new(
        $"'{Texts.Short(text)}' is not an {what}: expected a UUID such as 0199c0de-0000-7000-8000-000000000000.",
        "List executions to see their ids: kitaru_executions_list.");
}

/// <summary>A flow's source does not build. <see cref="Diagnostics"/> are the compiler's own messages.</summary>
public sealed class KitaruBuildException(string message, IReadOnlyList<string> diagnostics, string? nextStep = null)
    : KitaruUsageException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruBuildError";

    /// <summary>One compiler message per element: file(line,column): severity ID: text.</summary>
    public IReadOnlyList<string> Diagnostics { get; } = diagnostics;
}

/// <summary>An answer does not fit the wait's JSON Schema. The wait stays pending.</summary>
public sealed class KitaruWaitValidationException(string message, string? nextStep = null)
    : KitaruUsageException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruWaitValidationError";
}

/// <summary>An API was used where it has no meaning, for example a wait inside a checkpoint (runtime.md appendix A).</summary>
public sealed class KitaruContextException(string message, string? nextStep = null)
    : KitaruException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruContextError";
}

/// <summary>The execution (or other thing) is not in a state that allows the call.</summary>
public class KitaruStateException(string message, string? nextStep = null)
    : KitaruException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruStateError";
}

/// <summary>Waiting took longer than the caller allowed; the execution goes on untouched.</summary>
public sealed class KitaruTimeoutException(string message, string? nextStep = null)
    : KitaruStateException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruTimeoutError";
}

/// <summary>Kitaru itself could not do what was asked.</summary>
public class KitaruRuntimeException(string message, string? nextStep = null, Exception? inner = null)
    : KitaruException(message, nextStep, inner)
{
    /// <inheritdoc/>
    public override string Code => "KitaruRuntimeError";
}

/// <summary>The store or server failed or refused.</summary>
public class KitaruBackendException(string message, string? nextStep = null, Exception? inner = null)
    : KitaruRuntimeException(message, nextStep, inner)
{
    /// <summary>Whether it came of a database, a disk or a network: its message names places of the machine's own.</summary>
    internal bool IsOfTheMachine => GetType() == typeof(KitaruBackendException) && InnerException is { } inner and (not KitaruException or KitaruBackendException);

    /// <inheritdoc/>
    public override string Code => "KitaruBackendError";
}

/// <summary>No such execution, artifact, snapshot or wait.</summary>
public sealed class KitaruNotFoundException(string message, string? nextStep = null)
    : KitaruBackendException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruNotFoundError";
}

/// <summary>No execution matches the filters of <c>latest</c>.</summary>
public sealed class KitaruLookupException(string message, string? nextStep = null)
    : KitaruException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "LookupError";
}

/// <summary>
/// This worker no longer holds the execution (its lease ran out, or the execution was cancelled): it can write nothing more.
/// </summary>
public sealed class KitaruLeaseLostException(ExecutionId executionId)
    : KitaruBackendException($"Execution {executionId} is no longer held by this worker; nothing was written.")
{
    /// <inheritdoc/>
    public override string Code => "KitaruLeaseLostError";

    /// <summary>The execution that was lost.</summary>
    public ExecutionId ExecutionId { get; } = executionId;
}

/// <summary>An execution ended badly.</summary>
public class KitaruExecutionException(
    string message, ExecutionId executionId, ExecutionStatus status, FailureOrigin origin, string? nextStep = null)
    : KitaruRuntimeException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruExecutionError";

    /// <summary>The execution.</summary>
    public ExecutionId ExecutionId { get; } = executionId;

    /// <summary>How it ended.</summary>
    public ExecutionStatus Status { get; } = status;

    /// <summary>Who is to blame.</summary>
    public FailureOrigin Origin { get; } = origin;
}

/// <summary>An execution failed in the user's code.</summary>
public sealed class KitaruUserCodeException(string message, ExecutionId executionId, string? nextStep = null)
    : KitaruExecutionException(message, executionId, ExecutionStatus.Failed, FailureOrigin.UserCode, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruUserCodeError";
}

/// <summary>An execution's code no longer asks for what its journal recorded.</summary>
public sealed class KitaruDivergenceException(string message, ExecutionId executionId, string? nextStep = null)
    : KitaruExecutionException(message, executionId, ExecutionStatus.Failed, FailureOrigin.Divergence, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruDivergenceError";

    /// <summary>Both sides, where they are known.</summary>
    public DivergenceSides? Sides { get; init; }
}

/// <summary>The feature is not there in this mode or installation.</summary>
public sealed class KitaruFeatureNotAvailableException(string message, string? nextStep = null)
    : KitaruException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruFeatureNotAvailableError";
}

/// <summary>The server does not know who asks: no credential, or one that is not valid any more.</summary>
public sealed class KitaruAuthenticationException(string message, string? nextStep = null)
    : KitaruBackendException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruAuthenticationError";
}

/// <summary>The server knows who asks, and does not allow it.</summary>
public sealed class KitaruAccessDeniedException(string message, string? nextStep = null)
    : KitaruBackendException(message, nextStep)
{
    /// <inheritdoc/>
    public override string Code => "KitaruAccessDeniedError";
}
