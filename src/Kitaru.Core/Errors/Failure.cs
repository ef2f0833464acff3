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
    /// <summary>
    /// The <see cref="ExceptionType"/> of an execution that was given up because its workers died over it again and again; no type has this name.
    /// </summary>
    public const string Poisoned = "Kitaru.PoisonedExecution";

    /// <summary>The keys of the failed calls that this failure came from; what a retry runs again.</summary>
    public IReadOnlyList<string> CausedBy { get; init; } = [];

    /// <summary>Full names of the exception's base types, so that a catch can ask for a base type after a restart.</summary>
    public IReadOnlyList<string> BaseTypes { get; init; } = [];

    /// <summary>What was recorded and what was asked for instead; null unless the code diverged from its journal.</summary>
    public DivergenceSides? Divergence { get; init; }
}

/// <summary>The two sides of a divergence.</summary>
/// <param name="Recorded">What the journal has.</param>
/// <param name="Present">What the present code did instead.</param>
/// <param name="LastAgreed">The key of the last checkpoint call on which both agree, or null when there is none.</param>
public sealed record DivergenceSides(string Recorded, string Present, string? LastAgreed);
