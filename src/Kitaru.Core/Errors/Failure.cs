namespace Kitaru;

/// <summary>Who is to blame for a failure; decided where the exception is caught, never guessed from its text.</summary>
public enum FailureOrigin
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>The flow's or a checkpoint's own code.</summary>
    UserCode,

    /// <summary>Kitaru: serialization, the worker, the engine.</summary>
    Runtime,

    /// <summary>The store or the server.</summary>
    Backend,

    /// <summary>The code no longer asks for what the journal recorded.</summary>
    Divergence,
}

/// <summary>Why an execution, call or attempt failed (runtime.md 1.4).</summary>
/// <param name="Message">What happened, in one or two sentences.</param>
/// <param name="ExceptionType">The CLR type's full name, or null when there was no exception.</param>
/// <param name="Traceback">The exception's text with its stack, or null.</param>
/// <param name="Origin">Who is to blame.</param>
public sealed record Failure(string Message, string? ExceptionType, string? Traceback, FailureOrigin Origin)
{
    /// <summary>The keys of the failed calls that this failure came from; what a retry runs again.</summary>
    public IReadOnlyList<string> CausedBy { get; init; } = [];

    /// <summary>Full names of the exception's base types, so that a catch can ask for a base type after a restart.</summary>
    public IReadOnlyList<string> BaseTypes { get; init; } = [];
}
