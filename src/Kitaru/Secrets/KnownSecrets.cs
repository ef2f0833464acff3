namespace Kitaru.Secrets;

/// <summary>Every secret this process has read. What it knows, nothing that leaves the engine shows.</summary>
internal sealed class KnownSecrets
{
    private readonly Lock _gate = new();
    private volatile SecretMask? _all;
    private volatile SecretMask? _environment;

    /// <summary>Masks all of them; null as long as there is nothing to mask, so that whoever has no secrets pays for one look.</summary>
    public SecretMask? All => _all;

    /// <summary>Masks those of the process's environment, which every run of an execution knows from its beginning.</summary>
    public SecretMask? Environment => _environment;

    /// <summary>Called before anybody sees the first value.</summary>
    public Action<KnownSecrets> FirstLearned { get; init; } = static _ => { };

    /// <summary>From now on the secret's values are masked; call it before anybody else sees them.</summary>
    public void Learn(Secret secret)
    {
        lock (_gate)
        {
            var before = _all;
            var after = SecretMask.Plus(before, secret);
            if (before is null && after is not null)
                FirstLearned(this);
            _all = after;
        }
    }

    /// <summary>As <see cref="Learn"/>, for a secret whose values become environment variables.</summary>
    public void LearnEnvironment(Secret secret)
    {
        Learn(secret);
        lock (_gate)
            _environment = SecretMask.Plus(_environment, secret);
    }
}
