using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>Names stand in the query: a name may be anything, and a path may not.</summary>
internal sealed class HttpSecrets(HttpCalls calls) : ISecrets
{
    public async Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        (await calls.GetAsync<ListBody<SecretSummary>>("secrets", cancellationToken).ConfigureAwait(false)).Items;

    public Task<SecretSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.FindAsync<SecretSummary>("secret", new Query("secrets/find").Add("name", nameOrId), cancellationToken);

    public Task<Secret> ReadAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.GetAsync<Secret>(new Query("secrets/read").Add("name", nameOrId), cancellationToken);

    public Task<SecretSummary> CreateAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<SecretSummary>(HttpMethod.Post, "secrets", Body(name, values, isPrivate), Repeat.Keyed, cancellationToken);

    public async Task<(SecretSummary Secret, bool Created)> SetAsync(
        string name, IReadOnlyDictionary<string, string> values, bool isPrivate = false, CancellationToken cancellationToken = default)
    {
        var set = await calls.ChangeAsync<SecretSetBody>(HttpMethod.Put, "secrets", Body(name, values, isPrivate), Repeat.Keyed, cancellationToken).ConfigureAwait(false);
        return (set.Secret, set.Created);
    }

    public Task<SecretSummary> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<SecretSummary>(HttpMethod.Delete, new Query("secrets").Add("name", nameOrId), body: null, Repeat.Keyed, cancellationToken);

    public async Task<int> RotateKeyAsync(CancellationToken cancellationToken = default) =>
        (await calls.ChangeAsync<CountBody>(HttpMethod.Post, "secrets/rotate_key", body: null, Repeat.Keyed, cancellationToken).ConfigureAwait(false)).Count;

    /// <summary>Checked before anything is sent: JSON cannot carry all that a text may hold, and what is wrong need not travel.</summary>
    private static SecretBody Body(string name, IReadOnlyDictionary<string, string> values, bool isPrivate)
    {
        var checkedName = SecretRules.CheckName(name);
        SecretRules.CheckValues(values);
        return new SecretBody { Name = checkedName, Values = values, IsPrivate = isPrivate };
    }
}
