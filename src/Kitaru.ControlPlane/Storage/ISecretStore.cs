using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>One encrypted value.</summary>
/// <param name="Key">Its key within the secret.</param>
/// <param name="KeyVersion">The number of the key it is encrypted under.</param>
/// <param name="Nonce">Different for every value.</param>
/// <param name="Sealed">The encrypted bytes with their tag.</param>
internal sealed record SealedValue(string Key, int KeyVersion, byte[] Nonce, byte[] Sealed);

/// <summary>The key all values are encrypted under.</summary>
internal sealed record ActiveKey(int Version, byte[] Fingerprint);

/// <summary>A secret as it is stored, and the key it needs, as of one moment.</summary>
internal sealed record SealedSecret(SecretSummary Summary, IReadOnlyList<SealedValue> Values, ActiveKey Key);

/// <summary>Values to be stored under a name.</summary>
/// <param name="Id">The id they are sealed for: of the secret that has the name, or a new one.</param>
/// <param name="Name">The name.</param>
/// <param name="IsPrivate">For a new one.</param>
/// <param name="IsNew">No secret may have the name yet.</param>
/// <param name="Key">What they are sealed under.</param>
/// <param name="Values">The values.</param>
internal sealed record SecretChange(SecretId Id, string Name, bool IsPrivate, bool IsNew, ActiveKey Key, IReadOnlyList<SealedValue> Values);

/// <summary>What became of a <see cref="SecretChange"/>.</summary>
internal enum SecretWritten
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>The name belongs to another secret, or to none any more.</summary>
    OtherSecret,

    /// <summary>Another key is in use by now.</summary>
    OtherKey,

    /// <summary>The secret would have too many keys.</summary>
    TooMany,
}

internal interface ISecretStore
{
    /// <summary>The key in use, and whether anything is encrypted under it; null before the first secret.</summary>
    Task<(ActiveKey Key, bool IsUsed)?> FindActiveKeyAsync(CancellationToken cancellationToken);

    /// <summary>By lower-case name and then id.</summary>
    Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken);

    Task<SecretSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken);

    Task<SealedSecret?> ReadAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds and replaces values if the name still belongs to that secret, and if their key is the one in use: or is to be from now on, because
    /// nothing is encrypted under another one.
    /// </summary>
    Task<SecretWritten> PutAsync(SecretChange change, int keysMax, CancellationToken cancellationToken);

    /// <summary>Deletes it and says what it was; null when there is none.</summary>
    Task<SecretSummary?> DeleteAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Puts every value under another key at once, if the one in use is still <paramref name="from"/>; how many, or null.</summary>
    Task<int?> ReencryptAsync(ActiveKey from, ActiveKey to, Func<SecretId, SealedValue, SealedValue> reseal, CancellationToken cancellationToken);
}
