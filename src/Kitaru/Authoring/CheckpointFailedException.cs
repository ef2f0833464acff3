namespace Kitaru;

/// <summary>
/// What a flow body sees when a checkpoint failed after all its retries. It is the same on the first run and on every later one,
/// when the original exception object no longer exists: ask for the cause with <see cref="IsCausedBy{TException}"/>.
/// </summary>
public sealed class CheckpointFailedException : KitaruException
{
    internal CheckpointFailedException(string key, Failure failure, Exception? inner)
        : base($"Checkpoint '{key}' failed: {failure.Message}", inner: inner)
    {
        Key = key;
        Failure = failure;
    }

    /// <inheritdoc/>
    public override string Code => "KitaruUserCodeError";

    /// <summary>The call that failed, for example <c>gather_notes_2</c>.</summary>
    public string Key { get; }

    /// <summary>Why.</summary>
    public Failure Failure { get; }

    /// <summary>Full name of the exception's type, or null when there was none.</summary>
    public string? ExceptionType => Failure.ExceptionType;

    /// <summary>Whether the checkpoint threw a <typeparamref name="TException"/> or a type derived from it.</summary>
    public bool IsCausedBy<TException>()
        where TException : Exception
    {
        var name = typeof(TException).FullName;
        return Failure.ExceptionType == name || Failure.BaseTypes.Contains(name);
    }
}
