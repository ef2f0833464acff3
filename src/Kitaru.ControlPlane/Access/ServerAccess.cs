using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Access;

/// <summary>Who may do what on a server: accounts and projects, and who presents a token.</summary>
internal sealed class ServerAccess : IAsyncDisposable
{
    private readonly AccessStore _store;
    private readonly AccessService _access;

    private ServerAccess(AccessStore store, AccessService access, ServerCredentials credentials) => (_store, _access, Credentials) = (store, access, credentials);

    /// <summary>Projects, accounts and keys.</summary>
    public IServerAccess Access => _access;

    /// <summary>Tokens.</summary>
    public ServerCredentials Credentials { get; }

    /// <summary>The server store's migrations.</summary>
    public static MigrationLine SqliteLine { get; } = Migrator.Line("Server");

    /// <summary>Opens the one on SQLite in the config directory, made or brought up to date first when need be.</summary>
    public static async Task<ServerAccess> OpenSqliteAsync(
        ConfigDirectory config, string adminSecret, string adminName, TimeProvider time, Func<ProjectId, CancellationToken, Task> removeStore, CancellationToken cancellationToken)
    {
        // Opening waits for the disk and, rarely, for another process that migrates.
        var session = await Task.Run(() => SqliteStore.OpenSession(config.ServerDatabase, SqliteLine, time), cancellationToken).ConfigureAwait(false);
        return await OpenAsync(session, adminSecret, adminName, time, removeStore, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>On a session that is open, which is closed with it. The default project is made when it is not there.</summary>
    /// <param name="session">A database with the line <c>Server</c>.</param>
    /// <param name="adminSecret">The same for all replicas.</param>
    /// <param name="adminName">Who comes with it.</param>
    /// <param name="time">What caches go by.</param>
    /// <param name="removeStore">Removes the store of a project that was deleted.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<ServerAccess> OpenAsync(
        StoreSession session, string adminSecret, string adminName, TimeProvider time, Func<ProjectId, CancellationToken, Task> removeStore, CancellationToken cancellationToken)
    {
        var store = new AccessStore(session);
        try
        {
            var preset = new Project(Project.DefaultId, Project.DefaultName, null, null, store.Now);
            if (await store.ReadAsync(connection => ProjectRow.Find(connection, Project.DefaultName), cancellationToken).ConfigureAwait(false) is null)
                await store.ChangeAsync(connection => ProjectRow.Insert(connection, preset), cancellationToken).ConfigureAwait(false);
            var credentials = await ServerCredentials.OpenAsync(store, adminSecret, adminName, time, cancellationToken).ConfigureAwait(false);
            return new ServerAccess(store, new AccessService(store, new IdFactory(time), removeStore), credentials);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A change that counts in this process at once, and in others within seconds.</summary>
    public async Task<T> ChangedAsync<T>(Task<T> change)
    {
        var changed = await change.ConfigureAwait(false);
        Credentials.Forget();
        return changed;
    }

    /// <inheritdoc cref="AccessStore.WaitForOwnChangeAsync"/>
    public Task<long> WaitForOwnChangeAsync(long seen, CancellationToken cancellationToken) => _store.WaitForOwnChangeAsync(seen, cancellationToken);

    /// <summary>Removes what is left of deleted projects; what cannot be removed now stays for the next time.</summary>
    public async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _access.RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruBackendException)
        {
            // The next start tries again.
        }
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
