namespace Kitaru.Core;

/// <summary>A page of accounts or keys.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AccessPage<T>(IReadOnlyList<T> Items, long Total);

/// <summary>Which accounts or keys to list, by name.</summary>
public sealed record AccessQuery
{
    /// <summary>How many a page may have.</summary>
    public const int SizeMax = 1000;

    /// <summary>Only the one of exactly this name.</summary>
    public string? Name { get; init; }

    /// <summary>Only those that are active, or only those that are not.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Which page, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>How many a page has, 1 to 1000.</summary>
    public int Size { get; init; } = 20;
}

/// <summary>A project that is to be made.</summary>
public sealed record NewProject
{
    /// <summary>Unique on the server: lower-case letters, digits, '-' and '_', 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }
}

/// <summary>What is to be changed about a project; null leaves it as it is.</summary>
public sealed record ProjectChange
{
    /// <summary>Another name.</summary>
    public string? Name { get; init; }

    /// <summary>For people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }
}

/// <summary>
/// Projects, service accounts and their keys: what belongs to a whole server. Everything is found by its id or exact name; what is not there is a
/// <see cref="KitaruNotFoundException"/>, a name that is taken a <see cref="KitaruStateException"/>. It has two implementations: in process, on the server's store, and over HTTP.
/// </summary>
public interface IServerAccess
{
    /// <summary>All projects, by name.</summary>
    Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken = default);

    /// <summary>The project with this id or name; null when there is none.</summary>
    Task<Project?> FindProjectAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Makes a project, empty.</summary>
    Task<Project> CreateProjectAsync(NewProject project, CancellationToken cancellationToken = default);

    /// <summary>Changes what is said of a project.</summary>
    Task<Project> UpdateProjectAsync(string nameOrId, ProjectChange change, CancellationToken cancellationToken = default);

    /// <summary>Deletes a project with everything in it.</summary>
    /// <exception cref="KitaruStateException">It is the default project, which every server has.</exception>
    Task<Project> DeleteProjectAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Service accounts, by name.</summary>
    Task<AccessPage<ServiceAccount>> ListAccountsAsync(AccessQuery query, CancellationToken cancellationToken = default);

    /// <summary>One service account.</summary>
    Task<ServiceAccount> GetAccountAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Makes a service account.</summary>
    Task<ServiceAccount> CreateAccountAsync(NewServiceAccount account, CancellationToken cancellationToken = default);

    /// <summary>Changes a service account. One that is deactivated is refused everywhere within 5 seconds.</summary>
    Task<ServiceAccount> UpdateAccountAsync(string nameOrId, ServiceAccountChange change, CancellationToken cancellationToken = default);

    /// <summary>Deletes a service account with its keys and roles.</summary>
    Task<ServiceAccount> DeleteAccountAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Says what a service account may do in a project; null for nothing.</summary>
    Task<ServiceAccount> SetRoleAsync(string account, string project, Role? role, CancellationToken cancellationToken = default);

    /// <summary>The keys of a service account, by name.</summary>
    Task<AccessPage<ApiKey>> ListKeysAsync(string account, AccessQuery query, CancellationToken cancellationToken = default);

    /// <summary>One key.</summary>
    Task<ApiKey> GetKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Makes a key.</summary>
    Task<IssuedApiKey> CreateKeyAsync(string account, NewApiKey key, CancellationToken cancellationToken = default);

    /// <summary>Changes a key. One that is deactivated is refused everywhere within 5 seconds.</summary>
    Task<ApiKey> UpdateKeyAsync(string account, string nameOrId, ApiKeyChange change, CancellationToken cancellationToken = default);

    /// <summary>Gives a key another secret.</summary>
    /// <param name="account">Whose key.</param>
    /// <param name="nameOrId">The key.</param>
    /// <param name="retainMinutes">For how long the secret it has now is accepted too, 0 to 525600.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IssuedApiKey> RotateKeyAsync(string account, string nameOrId, int retainMinutes = 0, CancellationToken cancellationToken = default);

    /// <summary>Deletes a key.</summary>
    Task<ApiKey> DeleteKeyAsync(string account, string nameOrId, CancellationToken cancellationToken = default);
}
