using Kitaru.ControlPlane;

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
            await EmbeddedControlPlane.OpenAsync(embedded with { Directory = directory }, stop));
    }
}
