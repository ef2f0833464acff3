namespace Kitaru.Core;

/// <summary>What may be known of a secret by everyone: never a value.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsPrivate">Whether only its owner may read it.</param>
/// <param name="Keys">Its keys in ordinal order.</param>
/// <param name="UpdatedAt">When its values last changed.</param>
public sealed record SecretSummary(SecretId Id, string Name, bool IsPrivate, IReadOnlyList<string> Keys, DateTimeOffset UpdatedAt);

/// <summary>Secrets (platform.md 3), encrypted at rest. Lookups are by exact name or id; the id wins.</summary>
public interface ISecrets
{
    /// <summary>All secrets, by lower-case name and then id.</summary>
    Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The secret, or null.</summary>
    Task<SecretSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>The secret with its values.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    /// <exception cref="KitaruBackendException">The key its values are encrypted under is not there, or is another one.</exception>
    Task<Secret> ReadAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Stores a new secret.</summary>
    /// <exception cref="KitaruUsageException">A name, key or value breaks a rule.</exception>
    /// <exception cref="KitaruRuntimeException">The name is taken.</exception>
    Task<SecretSummary> CreateAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default);

    /// <summary>Creates it, or adds and replaces just these keys of one that is there. Says whether it was created.</summary>
    Task<(SecretSummary Secret, bool Created)> SetAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default);

    /// <summary>Deletes it and returns what was deleted.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    Task<SecretSummary> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Encrypts every value anew under a new key and forgets the old ones. Returns how many values there were.</summary>
    Task<int> RotateKeyAsync(CancellationToken cancellationToken = default);
}
