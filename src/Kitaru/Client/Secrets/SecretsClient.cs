using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <summary>Secrets: named sets of values, encrypted in the store. Flows read them with <c>Flow.SecretAsync</c>.</summary>
public sealed class SecretsClient
{
    private readonly KitaruClient _client;

    internal SecretsClient(KitaruClient client) => _client = client;

    /// <summary>A secret with its values, by its exact name or its id.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<Secret> GetAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var secret = await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).ReadAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        // Code of a flow that reads this way is masked like any other.
        FlowScope.Run?.Learn(secret);
        return secret;
    }

    /// <summary>What there is, without values, by lower-case name.</summary>
    public async Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        await (await SecretsAsync(cancellationToken).ConfigureAwait(false)).ListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Stores a new secret.</summary>
    /// <exception cref="KitaruUsageException">A name, key or value breaks a rule.</exception>
    /// <exception cref="KitaruRuntimeException">The name is taken.</exception>
    public Task<SecretSummary> CreateAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Secrets.CreateAsync", Arguments(name, values, isPrivate),
            async client => await (await client.Secrets.SecretsAsync(cancellationToken).ConfigureAwait(false)).CreateAsync(name, values, isPrivate, cancellationToken).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Creates a secret, or adds and replaces just these keys of the one that is there; who may read that one stays as it is.</summary>
    /// <exception cref="KitaruUsageException">A name, key or value breaks a rule.</exception>
    public async Task<(SecretSummary Secret, bool Created)> SetAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default)
    {
        var written = await _client.ChangeAsync(
            "Secrets.SetAsync", Arguments(name, values, isPrivate),
            async client =>
            {
                var (secret, created) = await (await client.Secrets.SecretsAsync(cancellationToken).ConfigureAwait(false)).SetAsync(name, values, isPrivate, cancellationToken).ConfigureAwait(false);
                return new Written(secret, created);
            },
            cancellationToken).ConfigureAwait(false);
        return (written.Secret, written.Created);
    }

    /// <summary>Deletes a secret and returns what was deleted.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public Task<SecretSummary> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Secrets.DeleteAsync", new JsonObject { ["name"] = nameOrId },
            async client => await (await client.Secrets.SecretsAsync(cancellationToken).ConfigureAwait(false)).DeleteAsync(nameOrId, cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <summary>Encrypts all values anew under a new key and forgets the old one. Returns how many values there were.</summary>
    public Task<int> RotateKeyAsync(CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Secrets.RotateKeyAsync", [],
            async client => await (await client.Secrets.SecretsAsync(cancellationToken).ConfigureAwait(false)).RotateKeyAsync(cancellationToken).ConfigureAwait(false), cancellationToken);

    private static JsonObject Arguments(string name, IReadOnlyDictionary<string, string> values, bool isPrivate) => new()
    {
        ["name"] = name,
        ["values"] = IdempotentRequest.Disguise(name, JsonSerializer.SerializeToNode(values)),
        ["private"] = isPrivate,
    };

    private sealed record Written(SecretSummary Secret, bool Created);

    private async Task<ISecrets> SecretsAsync(CancellationToken cancellationToken) => (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Secrets;
}
