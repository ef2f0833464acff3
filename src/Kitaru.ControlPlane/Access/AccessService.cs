using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>Projects, service accounts and keys, straight on the server store.</summary>
/// <param name="store">The server store.</param>
/// <param name="ids">Source of ids.</param>
/// <param name="removeStore">Removes the store of a project that was deleted; called again, at the next deletion or start, when it fails.</param>
internal sealed class AccessService(AccessStore store, IdFactory ids, Func<ProjectId, CancellationToken, Task> removeStore) : IServerAccess
{
    public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken = default) => store.ReadAsync(ProjectRow.All, cancellationToken);

    public Task<Project?> FindProjectAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        store.ReadAsync(connection => ProjectRow.Find(connection, nameOrId.Trim()), cancellationToken);

    public Task<Project> CreateProjectAsync(NewProject project, CancellationToken cancellationToken = default)
    {
        var made = new Project(
            new ProjectId(ids.NewId()), AccessRules.ProjectName(project.Name), AccessRules.Text("display_name", project.DisplayName), AccessRules.Text("description", project.Description), store.Now);
        return store.ChangeAsync(connection => ProjectRow.Insert(connection, made) ? made : throw AccessRules.Taken("project", made.Name), cancellationToken);
    }

    public Task<Project> UpdateProjectAsync(string nameOrId, ProjectChange change, CancellationToken cancellationToken = default)
    {
        var name = change.Name is null ? null : AccessRules.ProjectName(change.Name);
        return store.ChangeAsync(
            connection =>
            {
                var project = ProjectOf(connection, nameOrId);
                if (name is not null && name != project.Name && project.Id == Project.DefaultId)
                    throw new KitaruStateException("The default project keeps its name: programs that name no project work on it.", "Change its display name instead, or make another project.");
                if (name is not null && name != project.Name && ProjectRow.Find(connection, name) is not null)
                    throw AccessRules.Taken("project", name);
                project = project with
                {
                    Name = name ?? project.Name,
                    DisplayName = AccessRules.Text("display_name", change.DisplayName) ?? project.DisplayName,
                    Description = AccessRules.Text("description", change.Description) ?? project.Description,
                };
                ProjectRow.Update(connection, project);
                return project;
            },
            cancellationToken);
    }

    public async Task<Project> DeleteProjectAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var deleted = await store.ChangeAsync(
            connection =>
            {
                var project = ProjectOf(connection, nameOrId);
                if (project.Id == Project.DefaultId)
                    throw new KitaruStateException("The default project cannot be deleted; every server has it.", "Delete its executions instead: kitaru_executions_prune.");
                ProjectRow.Delete(connection, project.Id, store.Now);
                return project;
            },
            cancellationToken).ConfigureAwait(false);
        await RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    /// <summary>Removes stores of deleted projects that are still there.</summary>
    public async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await store.ReadAsync(ProjectRow.Left, cancellationToken).ConfigureAwait(false))
        {
            await removeStore(id, cancellationToken).ConfigureAwait(false);
            await store.ChangeAsync(
                connection =>
                {
                    ProjectRow.Forget(connection, id);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<AccessPage<ServiceAccount>> ListAccountsAsync(AccessQuery query, CancellationToken cancellationToken = default)
    {
        var checkedQuery = AccessRules.Query(query);
        return store.ReadAsync(connection => AccountRow.List(connection, checkedQuery), cancellationToken);
    }

    public Task<ServiceAccount> GetAccountAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        store.ReadAsync(connection => AccountOf(connection, nameOrId), cancellationToken);

    public Task<ServiceAccount> CreateAccountAsync(NewServiceAccount account, CancellationToken cancellationToken = default)
    {
        var now = store.Now;
        var made = new ServiceAccount(
            new ServiceAccountId(ids.NewId()), AccessRules.Name(account.Name), AccessRules.Text("full_name", account.FullName), AccessRules.Text("description", account.Description),
            IsActive: true, account.IsAdmin, new Dictionary<ProjectId, Role>(), now, now);
        return store.ChangeAsync(connection => AccountRow.Insert(connection, made) ? made : throw AccessRules.Taken("service account", made.Name), cancellationToken);
    }

    public Task<ServiceAccount> UpdateAccountAsync(string nameOrId, ServiceAccountChange change, CancellationToken cancellationToken = default)
    {
        var name = change.Name is null ? null : AccessRules.Name(change.Name);
        return store.ChangeAsync(
            connection =>
            {
                var account = AccountOf(connection, nameOrId);
                if (name is not null && name != account.Name && AccountRow.Find(connection, name) is not null)
                    throw AccessRules.Taken("service account", name);
                account = account with
                {
                    Name = name ?? account.Name,
                    FullName = AccessRules.Text("full_name", change.FullName) ?? account.FullName,
                    Description = AccessRules.Text("description", change.Description) ?? account.Description,
                    IsActive = change.IsActive ?? account.IsActive,
                    IsAdmin = change.IsAdmin ?? account.IsAdmin,
                    UpdatedAt = store.Now,
                };
                AccountRow.Update(connection, account);
                return account;
            },
            cancellationToken);
    }

    public Task<ServiceAccount> DeleteAccountAsync(string nameOrId, CancellationToken cancellationToken = default) => store.ChangeAsync(
        connection =>
        {
            var account = AccountOf(connection, nameOrId);
            AccountRow.Delete(connection, account.Id);
            return account;
        },
        cancellationToken);

    public Task<ServiceAccount> SetRoleAsync(string account, string project, Role? role, CancellationToken cancellationToken = default) => store.ChangeAsync(
        connection =>
        {
            var found = AccountOf(connection, account);
            AccountRow.SetRole(connection, found.Id, ProjectOf(connection, project).Id, role, store.Now);
            return AccountRow.Find(connection, found.Id)!;
        },
        cancellationToken);

    public Task<AccessPage<ApiKey>> ListKeysAsync(string account, AccessQuery query, CancellationToken cancellationToken = default)
    {
        var checkedQuery = AccessRules.Query(query);
        return store.ReadAsync(connection => ApiKeyRow.List(connection, AccountOf(connection, account).Id, checkedQuery), cancellationToken);
    }

    public Task<ApiKey> GetKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default) =>
        store.ReadAsync(connection => KeyOf(connection, account, nameOrId).Key, cancellationToken);

    public Task<IssuedApiKey> CreateKeyAsync(string account, NewApiKey key, CancellationToken cancellationToken = default)
    {
        var (name, description, now) = (AccessRules.Name(key.Name), AccessRules.Text("description", key.Description), store.Now);
        if (key.ExpiresAt <= now)
            throw AccessRules.Error("expires_at", "a time to come", $"{key.ExpiresAt:O}", $"{now.AddDays(90):O}");
        var id = new ApiKeyId(ids.NewId());
        var (secret, hash) = ApiKeySecret.Issue(id);
        return store.ChangeAsync(
            connection =>
            {
                var owner = AccountOf(connection, account);
                var made = new ApiKey
                {
                    Id = id,
                    Name = name,
                    ServiceAccountId = owner.Id,
                    ServiceAccountName = owner.Name,
                    Description = description,
                    IsActive = true,
                    CreatedAt = now,
                    UpdatedAt = now,
                    ExpiresAt = key.ExpiresAt is { } expires ? Instant.FromMicroseconds(Instant.ToMicroseconds(expires)) : null,
                };
                return ApiKeyRow.Insert(connection, new StoredApiKey(made, hash, null, null)) ? new IssuedApiKey(made, secret) : throw AccessRules.Taken("key", name);
            },
            cancellationToken);
    }

    public Task<ApiKey> UpdateKeyAsync(string account, string nameOrId, ApiKeyChange change, CancellationToken cancellationToken = default)
    {
        var (name, description) = (change.Name is null ? null : AccessRules.Name(change.Name), AccessRules.Text("description", change.Description));
        return store.ChangeAsync(
            connection =>
            {
                var stored = KeyOf(connection, account, nameOrId);
                if (name is not null && name != stored.Key.Name && ApiKeyRow.Find(connection, stored.Key.ServiceAccountId, name) is not null)
                    throw AccessRules.Taken("key", name);
                var key = stored.Key with
                {
                    Name = name ?? stored.Key.Name,
                    Description = description ?? stored.Key.Description,
                    IsActive = change.IsActive ?? stored.Key.IsActive,
                    UpdatedAt = store.Now,
                };
                ApiKeyRow.Update(connection, stored with { Key = key });
                return key;
            },
            cancellationToken);
    }

    public Task<IssuedApiKey> RotateKeyAsync(string account, string nameOrId, int retainMinutes = 0, CancellationToken cancellationToken = default)
    {
        var minutes = AccessRules.RetainMinutes(retainMinutes);
        return store.ChangeAsync(
            connection =>
            {
                var (stored, now) = (KeyOf(connection, account, nameOrId), store.Now);
                var (secret, hash) = ApiKeySecret.Issue(stored.Key.Id);
                var key = stored.Key with { LastRotated = now, UpdatedAt = now, RetainPeriodMinutes = minutes };
                ApiKeyRow.Update(connection, new StoredApiKey(key, hash, minutes > 0 ? stored.Hash : null, minutes > 0 ? now.AddMinutes(minutes) : null));
                return new IssuedApiKey(key, secret);
            },
            cancellationToken);
    }

    public Task<ApiKey> DeleteKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default) => store.ChangeAsync(
        connection =>
        {
            var key = KeyOf(connection, account, nameOrId).Key;
            ApiKeyRow.Delete(connection, key.Id);
            return key;
        },
        cancellationToken);

    private static Project ProjectOf(Connection connection, string nameOrId) =>
        ProjectRow.Find(connection, nameOrId.Trim()) ?? throw AccessRules.Missing("project", nameOrId);

    private static ServiceAccount AccountOf(Connection connection, string nameOrId) =>
        AccountRow.Find(connection, AccessRules.Given("service account", nameOrId)) ?? throw AccessRules.Missing("service account", nameOrId);

    private static StoredApiKey KeyOf(Connection connection, string account, string nameOrId) =>
        ApiKeyRow.Find(connection, AccountOf(connection, account).Id, AccessRules.Given("key", nameOrId)) ?? throw AccessRules.Missing("key", nameOrId);
}
