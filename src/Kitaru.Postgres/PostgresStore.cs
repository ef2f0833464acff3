using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>Opens stores on PostgreSQL: a schema of its own for each project.</summary>
internal static class PostgresStore
{
    /// <summary>The schema of what belongs to the whole server.</summary>
    public const string ServerSchema = "kitaru";

    /// <summary>The schema of a project.</summary>
    public static string SchemaOf(Guid project) => $"kitaru_{project:N}";

    /// <summary>Opens a project's store, made or brought up to date first when need be.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">The project's schema.</param>
    /// <param name="time">The present in place of the database's own: for tests.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SqlStore> OpenAsync(
        string connectionString, string schema, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var session = await PostgresSession.OpenAsync(connectionString, schema, PostgresMigrator.Project, time, cancellationToken).ConfigureAwait(false);
        return new SqlStore(session, session.Store);
    }

    /// <summary>A control plane on a project's store, with its large values in the same schema.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">The project's schema.</param>
    /// <param name="leaseDuration">How long a lease holds without renewal.</param>
    /// <param name="keys">The keys of secrets.</param>
    /// <param name="time">The present in place of the database's own: for tests.</param>
    /// <param name="ids">Source of new ids.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<StoreControlPlane> OpenControlPlaneAsync(
        string connectionString, string schema, TimeSpan leaseDuration, SecretKeyring? keys = null, TimeProvider? time = null, IdFactory? ids = null,
        CancellationToken cancellationToken = default)
    {
        var store = await OpenAsync(connectionString, schema, time, cancellationToken).ConfigureAwait(false);
        var session = (PostgresSession)store.Session;
        return new StoreControlPlane(
            store, new PostgresArtifactStore(session), ids ?? new IdFactory(session.Time), leaseDuration, session.Time, directory: null, keys, new PostgresValueSweep(session));
    }

    /// <summary>Deletes a schema with everything in it. Whoever has it open is told so by his next call.</summary>
    public static Task DropAsync(string connectionString, string schema, CancellationToken cancellationToken = default)
    {
        var place = PostgresPlace.Of(connectionString, schema);
        return Task.Run(
            () =>
            {
                try
                {
                    using var source = NpgsqlDataSource.Create(place.ConnectionString);
                    using var connection = PostgresConnection.Open(source, schema);
                    connection.Script($"DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
                }
                catch (PostgresRefusal refusal)
                {
                    throw PostgresErrors.Of((NpgsqlException)refusal.InnerException!, place.Name);
                }
            },
            cancellationToken);
    }
}
