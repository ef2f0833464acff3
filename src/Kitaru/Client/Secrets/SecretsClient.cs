using Kitaru.Core;

namespace Kitaru;

/// <summary>Secrets: named sets of values, encrypted in the store. Flows read them with <c>Flow.SecretAsync</c>.</summary>
public sealed class SecretsClient
{
    private readonly KitaruClient _client;

    internal SecretsClient(KitaruClient client) => _client = client;

    /// <summary>A secret with its values, by its exact name or its id.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<Secret> GetAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).ReadAsync(nameOrId, cancellationToken).ConfigureAwait(false);

    /// <summary>What there is, without values, by lower-case name.</summary>
    public async Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).ListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Stores a new secret.</summary>
    /// <exception cref="KitaruUsageException">A name, key or value breaks a rule.</exception>
    /// <exception cref="KitaruRuntimeException">The name is taken.</exception>
    public async Task<SecretSummary> CreateAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).CreateAsync(name, values, isPrivate, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates a secret, or adds and replaces just these keys of the one that is there; who may read that one stays as it is.</summary>
    /// <exception cref="KitaruUsageException">A name, key or value breaks a rule.</exception>
    public async Task<(SecretSummary Secret, bool Created)> SetAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).SetAsync(name, values, isPrivate, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a secret and returns what was deleted.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<SecretSummary> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).DeleteAsync(nameOrId, cancellationToken).ConfigureAwait(false);

    /// <summary>Encrypts all values anew under a new key and forgets the old one. Returns how many values there were.</summary>
    public async Task<int> RotateKeyAsync(CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).RotateKeyAsync(cancellationToken).ConfigureAwait(false);

    private async Task<ISecrets> SecretsAsync(CancellationToken cancellationToken) => (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Secrets;
}
