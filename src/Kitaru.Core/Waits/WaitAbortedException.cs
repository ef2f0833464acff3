namespace Kitaru;

/// <summary>Thrown at a wait that somebody aborted. Uncaught, the execution ends cancelled; caught, the flow goes on.</summary>
public sealed class WaitAbortedException(string wait, string? by)
    : KitaruException($"The wait '{wait}' was aborted{(by is null ? "" : $" by {by}")}.")
{
    /// <inheritdoc/>
    public override string Code => "KitaruWaitAbortedError";

    /// <summary>The wait's name.</summary>
    public string Wait { get; } = wait;
}
