using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>A call the flow body has made and whose outcome it has not seen yet.</summary>
internal abstract class PendingCall(string key, JournalKind kind)
{
    public string Key { get; } = key;

    public JournalKind Kind { get; } = kind;

    /// <summary>Lets the body see the outcome; its continuation runs at once on the calling thread.</summary>
    public abstract void Deliver(Completion completion);

    /// <summary>Ends the call for a run that was cancelled.</summary>
    public abstract void Cancel(CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class PendingCall<T>(string key, JournalKind kind) : PendingCall(key, kind)
{
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override void Deliver(Completion completion)
    {
        T value;
        try
        {
            value = completion.Value<T>();
        }
        catch (Exception exception)
        {
            _source.TrySetException(exception);
            return;
        }
        _source.TrySetResult(value);
    }

    public override void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);
}
