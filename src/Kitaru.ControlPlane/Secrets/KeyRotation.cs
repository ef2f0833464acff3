using System.Security.Cryptography;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>
/// How a key is replaced: the new one is stored beside the old one, all values go over in one transaction, and only then is the old one removed. Whoever
/// dies in between leaves a key too many, which the next rotation uses or removes.
/// </summary>
internal sealed class KeyRotation(ISecretStore store, SecretKeyring keys)
{
    /// <summary>The key in use and the one to come, which is there when this returns; null when nothing was ever encrypted.</summary>
    public async Task<(SecretKey From, SecretKey To)?> FindKeysAsync(CancellationToken cancellationToken)
    {
        ActiveKey? missed = null;
        while (true)
        {
            if (await store.FindActiveKeyAsync(cancellationToken).ConfigureAwait(false) is not var (active, _))
                return null;
            if (keys.Find(active.Version, active.Fingerprint) is { } from)
                return (from, await keys.GetNewestAsync(active.Version + 1, cancellationToken).ConfigureAwait(false));
            if (missed?.Version == active.Version)
                throw SecretService.KeyMissing(keys, active);
            missed = active;
        }
    }

    /// <summary>How many values there were; null when another key has come into use.</summary>
    public Task<int?> ReencryptAsync(SecretKey from, SecretKey to, CancellationToken cancellationToken) =>
        store.ReencryptAsync(
            new ActiveKey(from.Version, from.Fingerprint),
            new ActiveKey(to.Version, to.Fingerprint),
            (secret, value) =>
            {
                try
                {
                    return to.Seal(secret, value.Key, from.Open(secret, value));
                }
                catch (CryptographicException error)
                {
                    throw new KitaruBackendException(
                        $"The value of '{value.Key}' in secret {secret} cannot be decrypted with key number {from.Version} of {keys.Place}; no key was changed.",
                        "Delete that secret, or restore the store from a copy, and rotate again.", error);
                }
            },
            cancellationToken);
}
