using System.Security.Cryptography;
using System.Text;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>Tells who presents a token, and gives out tokens for a short time.</summary>
internal sealed class ServerCredentials
{
    /// <summary>How long an access token is good for.</summary>
    public static readonly TimeSpan AccessTime = TimeSpan.FromHours(1);

    /// <summary>How long a worker's token is good for; a worker that lives longer gets another one with the renewal of its leases.</summary>
    public static readonly TimeSpan WorkerTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);

    private readonly AccessStore _store;
    private readonly CredentialCache _cache;
    private readonly SignedTokens _tokens;
    private readonly byte[] _adminHash;
    private readonly string _adminName;

    private ServerCredentials(AccessStore store, CredentialCache cache, SignedTokens tokens, string adminSecret, string adminName) =>
        (_store, _cache, _tokens, _adminHash, _adminName) = (store, cache, tokens, HashOf(adminSecret.Trim()), adminName);

    /// <summary>Of a server store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="adminSecret">The same for all replicas.</param>
    /// <param name="adminName">Who comes with the admin secret.</param>
    /// <param name="time">What the cache goes by.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    public static async Task<ServerCredentials> OpenAsync(AccessStore store, string adminSecret, string adminName, TimeProvider time, CancellationToken cancellationToken)
    {
        var salt = await store.SaltAsync(RandomNumberGenerator.GetBytes(32), cancellationToken).ConfigureAwait(false);
        return new ServerCredentials(store, new CredentialCache(store, time), new SignedTokens(adminSecret, salt), adminSecret, adminName);
    }

    /// <summary>Who it is; null when the token is not valid, or not any more.</summary>
    public async Task<Principal?> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        if (ApiKeySecret.Read(token) is { } given)
            return await OfKeyAsync(given.Id, given.Hash, cancellationToken).ConfigureAwait(false);
        if (token.StartsWith(SignedTokens.Prefix, StringComparison.Ordinal))
            return await OfClaimsAsync(_tokens.Read(token, _store.Now), cancellationToken).ConfigureAwait(false);
        return CryptographicOperations.FixedTimeEquals(HashOf(token), _adminHash) ? Admin() : null;
    }

    /// <summary>A token for a short time with the same rights; it ends early when its key does.</summary>
    /// <exception cref="KitaruUsageException">Asked for with a worker's token.</exception>
    public AccessToken IssueAccess(Principal principal) =>
        principal.Worker is null ? Issue(new TokenClaims { Key = principal.Key?.Value, ExpiresAt = Ends(AccessTime) }) : throw NotForWorkers();

    /// <summary>A worker's token: good for its own executions only.</summary>
    public AccessToken IssueWorker(Principal principal, WorkerScope scope) => Issue(new TokenClaims
    {
        Key = principal.Key?.Value,
        ExpiresAt = Ends(WorkerTime),
        Worker = new WorkerClaims
        {
            Project = scope.Project.Value,
            Worker = scope.Worker.Value,
            Snapshot = scope.Kind.Snapshot.Value,
            Environment = scope.Kind.Environment.Value,
            Execution = scope.Execution?.Value,
        },
    });

    /// <summary>What was changed in this process counts here at once.</summary>
    public void Forget() => _cache.Clear();

    private AccessToken Issue(TokenClaims claims) => new(_tokens.Issue(claims), DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt));

    private long Ends(TimeSpan after) => (_store.Now + after).ToUnixTimeSeconds();

    private Principal Admin() => new(_adminName, IsAdmin: true, new Dictionary<ProjectId, Role>());

    private async Task<Principal?> OfKeyAsync(ApiKeyId id, byte[] hash, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not var (key, account))
            return null;
        var now = _store.Now;
        var isCurrent = CryptographicOperations.FixedTimeEquals(hash, key.Hash);
        var isRetained = key.RetainedHash is { } retained && key.RetainedUntil > now && CryptographicOperations.FixedTimeEquals(hash, retained);
        if (!isCurrent && !isRetained)
            return null;
        if (key.Key.LastLogin is not { } seen || now - seen > SeenInterval)
            await NoteAsync(id, now, cancellationToken).ConfigureAwait(false);
        return PrincipalOf(account, id);
    }

    private async Task<Principal?> OfClaimsAsync(TokenClaims? claims, CancellationToken cancellationToken)
    {
        if (claims is null)
            return null;
        var principal = Admin();
        if (claims.Key is { } key)
        {
            if (await FindAsync(new ApiKeyId(key), cancellationToken).ConfigureAwait(false) is not var (_, account))
                return null;
            principal = PrincipalOf(account, new ApiKeyId(key));
        }
        return claims.Worker is not { } worker ? principal : OfWorker(principal, worker);
    }

    /// <summary>Nothing of its account's rights but the one project, and there only what the worker's scope says.</summary>
    private static Principal? OfWorker(Principal principal, WorkerClaims worker)
    {
        var project = new ProjectId(worker.Project);
        return principal.RoleIn(project) < Role.Member || principal.RoleIn(project) is null ? null : new Principal(
            principal.Name, IsAdmin: false, new Dictionary<ProjectId, Role> { [project] = Role.Member })
        {
            Key = principal.Key,
            Worker = new WorkerScope(
                project, new WorkerId(worker.Worker), new WorkerKind(new SnapshotId(worker.Snapshot), new EnvironmentId(worker.Environment)),
                worker.Execution is { } execution ? new ExecutionId(execution) : null),
        };
    }

    private async Task<(StoredApiKey Key, ServiceAccount Account)?> FindAsync(ApiKeyId id, CancellationToken cancellationToken) =>
        await _cache.FindAsync(id, cancellationToken).ConfigureAwait(false) is var (key, account)
            && key.Key.IsActive && account.IsActive && !(key.Key.ExpiresAt <= _store.Now)
                ? (key, account)
                : null;

    private async Task NoteAsync(ApiKeyId id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            await _store.ChangeAsync(
                connection =>
                {
                    ApiKeyRow.Seen(connection, id, at);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            _cache.Clear(id);
        }
        catch (KitaruBackendException)
        {
            // Who may come in may do so though nobody wrote it down.
        }
    }

    private static Principal PrincipalOf(ServiceAccount account, ApiKeyId key) => new(account.Name, account.IsAdmin, account.Roles) { Key = key };

    private static KitaruUsageException NotForWorkers() => new("A worker's token gets no access token.", "Ask with the API key.");

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
