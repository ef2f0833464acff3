using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>Projects, accounts and keys of a server.</summary>
internal sealed class HttpServerAccess(HttpCalls calls) : IServerAccess
{
    public async Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken = default) =>
        (await calls.GetAsync<ListBody<Project>>("projects", cancellationToken).ConfigureAwait(false)).Items;

    public Task<Project?> FindProjectAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.FindAsync<Project>("project", $"projects/{Part(nameOrId)}", cancellationToken);

    public Task<Project> CreateProjectAsync(NewProject project, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<Project>(HttpMethod.Post, "projects", project, Repeat.Never, cancellationToken);

    public Task<Project> UpdateProjectAsync(string nameOrId, ProjectChange change, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<Project>(HttpMethod.Patch, $"projects/{Part(nameOrId)}", change, Repeat.Never, cancellationToken);

    public Task<Project> DeleteProjectAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<Project>(HttpMethod.Delete, $"projects/{Part(nameOrId)}", body: null, Repeat.Never, cancellationToken);

    public Task<AccessPage<ServiceAccount>> ListAccountsAsync(AccessQuery query, CancellationToken cancellationToken = default) =>
        calls.GetAsync<AccessPage<ServiceAccount>>(Filled("service_accounts", query), cancellationToken);

    public Task<ServiceAccount> GetAccountAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.GetAsync<ServiceAccount>($"service_accounts/{Part(nameOrId)}", cancellationToken);

    public Task<ServiceAccount> CreateAccountAsync(NewServiceAccount account, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ServiceAccount>(HttpMethod.Post, "service_accounts", account, Repeat.Never, cancellationToken);

    public Task<ServiceAccount> UpdateAccountAsync(string nameOrId, ServiceAccountChange change, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ServiceAccount>(HttpMethod.Patch, $"service_accounts/{Part(nameOrId)}", change, Repeat.Never, cancellationToken);

    public Task<ServiceAccount> DeleteAccountAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ServiceAccount>(HttpMethod.Delete, $"service_accounts/{Part(nameOrId)}", body: null, Repeat.Never, cancellationToken);

    public Task<ServiceAccount> SetRoleAsync(string account, string project, Role? role, CancellationToken cancellationToken = default) => calls.ChangeAsync<ServiceAccount>(
        role is null ? HttpMethod.Delete : HttpMethod.Put, $"service_accounts/{Part(account)}/roles/{Part(project)}", role is { } given ? new RoleBody { Role = given } : null, Repeat.Safe, cancellationToken);

    public Task<AccessPage<ApiKey>> ListKeysAsync(string account, AccessQuery query, CancellationToken cancellationToken = default) =>
        calls.GetAsync<AccessPage<ApiKey>>(Filled(Keys(account), query), cancellationToken);

    public Task<ApiKey> GetKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default) =>
        calls.GetAsync<ApiKey>($"{Keys(account)}/{Part(nameOrId)}", cancellationToken);

    public Task<IssuedApiKey> CreateKeyAsync(string account, NewApiKey key, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<IssuedApiKey>(HttpMethod.Post, Keys(account), key, Repeat.Never, cancellationToken);

    public Task<ApiKey> UpdateKeyAsync(string account, string nameOrId, ApiKeyChange change, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ApiKey>(HttpMethod.Patch, $"{Keys(account)}/{Part(nameOrId)}", change, Repeat.Never, cancellationToken);

    public Task<IssuedApiKey> RotateKeyAsync(string account, string nameOrId, int retainMinutes = 0, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<IssuedApiKey>(HttpMethod.Post, $"{Keys(account)}/{Part(nameOrId)}/rotate", new RotateBody(retainMinutes), Repeat.Never, cancellationToken);

    public Task<ApiKey> DeleteKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<ApiKey>(HttpMethod.Delete, $"{Keys(account)}/{Part(nameOrId)}", body: null, Repeat.Never, cancellationToken);

    public Task<AccessToken> CreateTokenAsync(CancellationToken cancellationToken) =>
        calls.ChangeAsync<AccessToken>(HttpMethod.Post, "auth/token", body: null, Repeat.Safe, cancellationToken);

    private static string Keys(string account) => $"service_accounts/{Part(account)}/api_keys";

    /// <summary>A name in an address. What cannot stand there is no name of anything.</summary>
    private static string Part(string nameOrId)
    {
        var name = nameOrId.Trim();
        if (name.Length == 0)
            throw new KitaruUsageException("The name is blank.", "Give a name or an id.");
        return name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal)
            ? throw new KitaruNotFoundException($"There is nothing named '{Texts.Short(name, 80)}'; nothing was changed.", "List what there is, and name one exactly or by its id.")
            : Uri.EscapeDataString(name);
    }

    private static Query Filled(string path, AccessQuery query) => new Query(path)
        .Add("name", query.Name).Add("active", query.IsActive switch { true => "true", false => "false", null => null }).Add("page", query.Page).Add("size", query.Size);
}
