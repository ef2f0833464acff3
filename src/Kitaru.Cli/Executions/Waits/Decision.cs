namespace Kitaru.Cli.Executions.Waits;

/// <summary>What somebody decided about a question.</summary>
internal enum Decision
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was aborted.</summary>
    Aborted,

    /// <summary>It is left as it is.</summary>
    Skipped,

    /// <summary>No further question, either.</summary>
    Quit,
}

/// <summary>Thrown out of a form at the end of input: nothing is answered.</summary>
internal sealed class EndOfInputException() : Exception("The input has ended.");
