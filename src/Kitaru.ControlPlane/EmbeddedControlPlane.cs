using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>The control plane on the embedded store. Several processes may have the same store open.</summary>
public static class EmbeddedControlPlane
{
    /// <summary>Opens the embedded store, made or brought up to date first when need be.</summary>
    /// <exception cref="KitaruBackendException">It cannot be opened, or a newer program wrote it.</exception>
    public static Task<StoreControlPlane> OpenAsync(EmbeddedOptions options, CancellationToken cancellationToken = default)
    {
        if (options.LeaseDuration <= TimeSpan.Zero)
            throw new KitaruUsageException($"{nameof(EmbeddedOptions)}.{nameof(options.LeaseDuration)} must be positive; it is {options.LeaseDuration}.");
        // Opening waits for the disk and, rarely, for another process that migrates.
        return Task.Run(
            () =>
            {
                var files = new LocalArtifactStore(options.Directory.Artifacts, options.Time);
                return new StoreControlPlane(
                    SqliteStore.Open(options.Directory.Database, options.Time, files.Exists),
                    files,
                    options.Ids ?? new IdFactory(options.Time),
                    options.LeaseDuration,
                    options.Time,
                    options.Directory,
                    options.SecretKeys is { } keys ? new VariableSecretKeys(keys) : new FileSecretKeys(options.Directory.SecretKeys, options.Time));
            },
            cancellationToken);
    }
}
