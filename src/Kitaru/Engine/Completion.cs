using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>A committed outcome on its way to the flow body.</summary>
internal sealed class Completion(JournalEntry entry, byte[]? bytes)
{
    private readonly object? _live;
    private readonly bool _hasLive;

    /// <summary>An outcome of this run: the value was already read back from its stored form.</summary>
    public Completion(JournalEntry entry, object? live)
        : this(entry, bytes: null)
    {
        _live = live;
        _hasLive = true;
    }

    public JournalEntry Entry { get; } = entry;

    /// <summary>The value, or the failure as an exception.</summary>
    public T Value<T>()
    {
        switch (Entry.Status)
        {
            case JournalStatus.Failed:
                throw new CheckpointFailedException(Entry.Key, Entry.Failure!, inner: null);
            case JournalStatus.Aborted:
                throw new WaitAbortedException(Entry.Key, Entry.Metadata?["resolved_by"]?.GetValue<string>());
        }
        if (_hasLive)
            return (T)_live!;
        if (typeof(T) == typeof(NoValue))
            return default!;
        try
        {
            return ValueCodec.Decode<T>(Entry.Value, bytes);
        }
        catch (Exception exception)
        {
            throw new KitaruRuntimeException(
                $"The recorded value of '{Entry.Key}' ({Entry.Value?.TypeName}) cannot be read as {typeof(T)}: {exception.Message}",
                "Keep the checkpoint's return type readable from what was recorded, or run the flow anew.",
                exception);
        }
    }
}
