using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Access;
using Kitaru.Server.Access;

namespace Kitaru.Server.Projects;

/// <summary>Chooses the database.</summary>
internal static class ServerStores
{
    /// <exception cref="KitaruUsageException">The environment makes no sense.</exception>
    public static IProjectStores Of(ServerOptions options, Func<string, string?> environment)
    {
        var embedded = EmbeddedOptions.FromEnvironment(options.Directory, environment);
        if (options.Database is not null)
            throw new KitaruFeatureNotAvailableException("This release of the server has no PostgreSQL driver.", "Leave --database out: then it stores everything with SQLite in its config directory.");
        return new OpenedStores("sqlite", embedded.LeaseDuration, options.Directory, async (_, directory, stop) =>
            await EmbeddedControlPlane.OpenAsync(embedded with { Directory = directory }, stop), (project, _) => RemoveFolder(Path.Combine(options.Directory.Projects, project.ToString())));
    }

    /// <summary>Opens the server store: accounts, keys, projects.</summary>
    /// <exception cref="KitaruUsageException">The admin secret is too short.</exception>
    public static async Task<ServerAccess> OpenAccessAsync(ServerOptions options, IProjectStores stores, CancellationToken cancellationToken)
    {
        AdminAuthenticator.Check(options.AdminSecret);
        var access = await ServerAccess.OpenSqliteAsync(
            options.Directory, options.AdminSecret, options.IsLocal ? Environment.UserName : "admin", TimeProvider.System, stores.RemoveAsync, cancellationToken);
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
