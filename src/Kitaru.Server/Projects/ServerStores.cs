using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Access;
using Kitaru.ControlPlane.Secrets;
using Kitaru.Postgres;
using Kitaru.Server.Access;

namespace Kitaru.Server.Projects;

/// <summary>Chooses the database.</summary>
internal static class ServerStores
{
    /// <exception cref="KitaruUsageException">The environment makes no sense.</exception>
    public static IProjectStores Of(ServerOptions options, Func<string, string?> environment)
    {
        var embedded = EmbeddedOptions.FromEnvironment(options.Directory, environment);
        if (options.Database is { } database)
            return OnPostgres(database, options, embedded, environment);
        return new OpenedStores("sqlite", embedded.LeaseDuration, options.Directory, async (_, directory, stop) =>
            await EmbeddedControlPlane.OpenAsync(embedded with { Directory = directory }, stop), (project, _) => RemoveFolder(Path.Combine(options.Directory.Projects, project.ToString())));
    }

    /// <summary>A schema for each project. Every replica needs the same keys of secrets, which the environment gives; the file is for one server alone.</summary>
    private static OpenedStores OnPostgres(string database, ServerOptions options, EmbeddedOptions embedded, Func<string, string?> environment) => new(
        "postgresql", embedded.LeaseDuration, options.Directory,
        async (project, _, stop) => await PostgresStore.OpenControlPlaneAsync(database, PostgresStore.SchemaOf(project.Id.Value), embedded.LeaseDuration, Keys(options, environment), cancellationToken: stop),
        (project, stop) => PostgresStore.DropAsync(database, PostgresStore.SchemaOf(project.Value), stop));

    private static SecretKeyring Keys(ServerOptions options, Func<string, string?> environment) =>
        environment(EmbeddedOptions.SecretKeysVariable) is { Length: > 0 } keys ? new VariableSecretKeys(keys) : new FileSecretKeys(options.Directory.SecretKeys, TimeProvider.System);

    /// <summary>Opens the server store: accounts, keys, projects.</summary>
    /// <exception cref="KitaruUsageException">The admin secret is too short.</exception>
    public static async Task<ServerAccess> OpenAccessAsync(ServerOptions options, IProjectStores stores, CancellationToken cancellationToken)
    {
        AdminAuthenticator.Check(options.AdminSecret);
        var admin = options.IsLocal ? Environment.UserName : "admin";
        var access = options.Database is { } database
            ? await ServerAccess.OpenAsync(
                await PostgresSession.OpenAsync(database, PostgresStore.ServerSchema, PostgresMigrator.Line("Server"), time: null, cancellationToken),
                options.AdminSecret, admin, TimeProvider.System, stores.RemoveAsync, cancellationToken)
            : await ServerAccess.OpenSqliteAsync(options.Directory, options.AdminSecret, admin, TimeProvider.System, stores.RemoveAsync, cancellationToken);
        await access.RemoveLeftAsync(cancellationToken);
        return access;
    }

    /// <exception cref="KitaruBackendException">Something in it is in use; the next start of the server tries again.</exception>
    private static Task RemoveFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruBackendException($"The project is deleted, and its folder {folder} could not be removed: {fault.Message}", "Nothing more is needed: the next start of the server removes it.", fault);
        }
    }
}
