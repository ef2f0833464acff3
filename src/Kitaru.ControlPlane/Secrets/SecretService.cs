using System.Security.Cryptography;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>The rules of secrets. Values are encrypted here, on their way into the store, and nowhere else.</summary>
internal sealed class SecretService(ISecretStore store, SecretKeyring keys, IdFactory ids) : ISecrets
{
    /// <summary>Others rotate keys and change secrets meanwhile; nobody does it this often.</summary>
    internal const int TriesMax = 200;

    /// <summary>What is longer is hardly a name, and may be a value in its place.</summary>
    private const int ShownMax = 80;

    private readonly KeyRotation _rotation = new(store, keys);

    public Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken = default) => store.ListAsync(cancellationToken);

    public Task<SecretSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        store.FindAsync(Wanted(nameOrId), cancellationToken);

    public async Task<Secret> ReadAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var wanted = Wanted(nameOrId);
        ActiveKey? missed = null;
        while (true)
        {
            var stored = await store.ReadAsync(wanted, cancellationToken).ConfigureAwait(false) ?? throw NotFound(wanted);
            if (keys.Find(stored.Key.Version, stored.Key.Fingerprint) is { } key)
                return Open(stored, key);
            // It may have been removed since, because everything is under a newer one.
            if (missed is not null && missed.Version == stored.Key.Version)
                throw KeyMissing(keys, stored.Key);
            missed = stored.Key;
        }
    }

    public async Task<SecretSummary> CreateAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default)
    {
        var checkedName = SecretRules.CheckName(name);
        SecretRules.CheckValues(values);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            switch (await PutAsync(new SecretId(ids.NewId()), isNew: true, checkedName, values, isPrivate, cancellationToken).ConfigureAwait(false))
            {
                case SecretWritten.Done:
                    return (await store.FindAsync(checkedName, cancellationToken).ConfigureAwait(false)) ?? throw NotFound(checkedName);
                case SecretWritten.OtherSecret:
                    throw new KitaruRuntimeException(
                        $"There is a secret named '{Texts.Short(checkedName)}' already; creating never changes one.",
                        "Take another name, or look at what is there with kitaru_secrets_list. Its values are changed with client.Secrets.SetAsync.");
            }
        }
        throw TooBusy();
    }

    public async Task<(SecretSummary Secret, bool Created)> SetAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default)
    {
        var checkedName = SecretRules.CheckName(name);
        SecretRules.CheckValues(values);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var present = (await store.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(secret => secret.Name == checkedName);
            var id = present?.Id ?? new SecretId(ids.NewId());
            switch (await PutAsync(id, present is null, checkedName, values, isPrivate, cancellationToken).ConfigureAwait(false))
            {
                case SecretWritten.Done:
                    var written = await store.FindAsync(id.ToString(), cancellationToken).ConfigureAwait(false);
                    return (written ?? throw NotFound(checkedName), present is null);
                case SecretWritten.TooMany:
                    throw SecretRules.TooMany(present!.Keys.Union(values.Keys, StringComparer.Ordinal).Count());
            }
        }
        throw TooBusy();
    }

    public async Task<SecretSummary> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var wanted = Wanted(nameOrId);
        return await store.DeleteAsync(wanted, cancellationToken).ConfigureAwait(false) ?? throw NotFound(wanted);
    }

    public async Task<int> RotateKeyAsync(CancellationToken cancellationToken = default)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await _rotation.FindKeysAsync(cancellationToken).ConfigureAwait(false) is not var (from, to))
                return 0;
            if (await _rotation.ReencryptAsync(from, to, cancellationToken).ConfigureAwait(false) is not { } count)
                continue;
            await keys.ForgetBeforeAsync(to.Version, cancellationToken).ConfigureAwait(false);
            return count;
        }
        throw TooBusy();
    }

    internal static KitaruBackendException KeyMissing(SecretKeyring keys, ActiveKey key) => new(
        $"Secrets are encrypted under key number {key.Version}, and {keys.Place} has no such key, or another one under that number.",
        "Restore the keys that belong to this store. Without them the values are lost: then delete the secrets and create them anew.");

    /// <summary>A new secret, for a store that writes it together with what refers to it; null when another key has come into use meanwhile.</summary>
    internal Task<SecretChange?> SealAsync(string name, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        SecretRules.CheckValues(values);
        return SealAsync(new SecretId(ids.NewId()), isNew: true, SecretRules.CheckName(name), values, isPrivate: true, cancellationToken);
    }

    private async Task<SecretWritten> PutAsync(
        SecretId id, bool isNew, string name, IReadOnlyDictionary<string, string> values, bool isPrivate, CancellationToken cancellationToken) =>
        await SealAsync(id, isNew, name, values, isPrivate, cancellationToken).ConfigureAwait(false) is { } change
            ? await store.PutAsync(change, SecretRules.KeysMax, cancellationToken).ConfigureAwait(false)
            : SecretWritten.OtherKey;

    private async Task<SecretChange?> SealAsync(
        SecretId id, bool isNew, string name, IReadOnlyDictionary<string, string> values, bool isPrivate, CancellationToken cancellationToken)
    {
        if (await FindKeyAsync(cancellationToken).ConfigureAwait(false) is not { } key)
            return null;
        var sealedValues = values.Select(value => key.Seal(id, value.Key, value.Value)).ToList();
        return new SecretChange(id, name, isPrivate, isNew, new ActiveKey(key.Version, key.Fingerprint), sealedValues);
    }

    /// <summary>The key to encrypt under; null when another one has come into use meanwhile.</summary>
    private async Task<SecretKey?> FindKeyAsync(CancellationToken cancellationToken)
    {
        if (await store.FindActiveKeyAsync(cancellationToken).ConfigureAwait(false) is not var (active, isUsed))
            return await keys.GetNewestAsync(versionMin: 1, cancellationToken).ConfigureAwait(false);
        if (keys.Find(active.Version, active.Fingerprint) is { } key)
            return key;
        var now = await store.FindActiveKeyAsync(cancellationToken).ConfigureAwait(false);
        if (now is not { } present || present.Key.Version != active.Version)
            return null;
        // Nothing needs the lost key: a new one takes its place.
        return isUsed ? throw KeyMissing(keys, active) : await keys.GetNewestAsync(active.Version + 1, cancellationToken).ConfigureAwait(false);
    }

    private Secret Open(SealedSecret stored, SecretKey key)
    {
        var summary = stored.Summary;
        try
        {
            return new Secret(
                summary.Id, summary.Name, summary.IsPrivate, summary.UpdatedAt,
                stored.Values.Select(value => KeyValuePair.Create(value.Key, key.Open(summary.Id, value))));
        }
        catch (CryptographicException error)
        {
            throw new KitaruBackendException(
                $"The values of secret '{Texts.Short(summary.Name)}' cannot be decrypted with key number {key.Version} of {keys.Place}: they were changed in the store.",
                "Delete the secret and create it anew, or restore the store from a copy.", error);
        }
    }

    private static string Wanted(string nameOrId) =>
        nameOrId?.Trim() is { Length: > 0 } wanted ? wanted : throw new KitaruUsageException("The name or id of a secret must not be blank.", "Names are listed by kitaru_secrets_list.");

    private static KitaruNotFoundException NotFound(string nameOrId) => new(
        $"There is no secret {(nameOrId.Length <= ShownMax ? $"'{nameOrId}'" : $"with this name of {nameOrId.Length} characters")}; names are exact, without prefixes.", "See the names with kitaru_secrets_list, or create it with kitaru_secrets_create.");

    internal static KitaruBackendException TooBusy() => new(
        "The secret was not written: others changed it, or the key it is encrypted under, again and again.", "Call again.");
}
