namespace Kitaru.ControlPlane.Secrets;

/// <summary>
/// Where the keys of secrets lie. Which of them is in use, the store says: so a key is here before the first value is encrypted under it, and
/// gone only after the last one was.
/// </summary>
internal abstract class SecretKeyring
{
    private volatile IReadOnlyDictionary<int, SecretKey> _known = new Dictionary<int, SecretKey>();

    /// <summary>Where that is, for messages: "the file …".</summary>
    public abstract string Place { get; }

    /// <summary>The key with this number, looked for anew when this process does not know it; null when it is not there.</summary>
    public SecretKey? Find(int version, ReadOnlySpan<byte> fingerprint)
    {
        if (_known.TryGetValue(version, out var key) && key.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return key;
        _known = Load();
        return _known.TryGetValue(version, out key) && key.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? key : null;
    }

    /// <summary>The newest key, made first when none has this number or a higher one.</summary>
    public abstract Task<SecretKey> GetNewestAsync(int versionMin, CancellationToken cancellationToken);

    /// <summary>Removes the keys before this one.</summary>
    public abstract Task ForgetBeforeAsync(int version, CancellationToken cancellationToken);

    /// <summary>All keys, as they are now.</summary>
    protected abstract IReadOnlyDictionary<int, SecretKey> Load();

    /// <summary>The newest of them that will do.</summary>
    protected static SecretKey? Newest(IReadOnlyDictionary<int, SecretKey> keys, int versionMin) =>
        keys.Values.Where(key => key.Version >= versionMin).MaxBy(key => key.Version);
}
