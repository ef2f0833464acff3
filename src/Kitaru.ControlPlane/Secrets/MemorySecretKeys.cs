using System.Collections.Immutable;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>Random keys that end with the process, for stores in memory.</summary>
internal sealed class MemorySecretKeys : SecretKeyring
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<int, SecretKey> _keys = ImmutableDictionary<int, SecretKey>.Empty;

    public override string Place => "this process";

    public override Task<SecretKey> GetNewestAsync(int versionMin, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = Newest(_keys, versionMin);
            if (key is null)
                _keys = _keys.Add(versionMin, key = SecretKey.NewRandom(versionMin));
            return Task.FromResult(key);
        }
    }

    public override Task ForgetBeforeAsync(int version, CancellationToken cancellationToken)
    {
        lock (_gate)
            _keys = _keys.RemoveRange(_keys.Keys.Where(known => known < version));
        return Task.CompletedTask;
    }

    protected override IReadOnlyDictionary<int, SecretKey> Load()
    {
        lock (_gate)
            return _keys;
    }
}
