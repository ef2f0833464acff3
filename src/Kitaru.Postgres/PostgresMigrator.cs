using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>Makes a schema, or brings it to this program's version: all migrations that are missing in one transaction, one process at a time.</summary>
internal static class PostgresMigrator
{
    private static readonly Sql LockSql = new("SELECT pg_advisory_xact_lock(?1)");
    private static readonly Sql VersionSql = new("SELECT version, program FROM schema_version ORDER BY version DESC LIMIT 1");
    private static readonly Sql RecordSql = new("INSERT INTO schema_version (version, name, program, applied_at) VALUES (?1, ?2, ?3, ?4)");
    private static readonly Sql ExistsSql = new("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?1)");
    private static readonly Sql NowSql = new("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
    private static readonly Sql TablesSql = new(
        """
        SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ?1 AND c.relkind IN ('r', 'v', 'm') ORDER BY c.relname
        """);

    /// <summary>What a project holds.</summary>
    public static MigrationLine Project { get; } = Line("Project");

    /// <summary>The line whose files stand in that folder.</summary>
    public static MigrationLine Line(string name) => MigrationLine.Load(typeof(PostgresMigrator).Assembly, "Migrations", name);

    public static void Apply(PostgresConnection connection, MigrationLine line, string schema, string store)
    {
        if (Missing(connection, line, schema, store).Count == 0)
            return;
        connection.Script("BEGIN");
        using (var one = connection.Use(LockSql))
            one.Bind(PostgresConnection.LockKey(schema, "migration")).Step();
        var missing = Missing(connection, line, schema, store);
        if (missing.Count > 0)
        {
            connection.Script(
                $"""
                CREATE SCHEMA IF NOT EXISTS "{schema}";
                CREATE TABLE IF NOT EXISTS schema_version (
                    version    bigint NOT NULL PRIMARY KEY,
                    name       text COLLATE "C" NOT NULL,
                    program    text COLLATE "C" NOT NULL,
                    applied_at bigint NOT NULL
                )
                """);
        }
        foreach (var migration in missing)
        {
            connection.Script(migration.Text);
            using var record = connection.Use(RecordSql);
            record.Bind((long)migration.Version).Bind(migration.Name).Bind(MigrationLine.Program).Bind(Now(connection)).Run();
        }
        connection.Script("COMMIT");
    }

    /// <summary>What the database's clock says, in microseconds.</summary>
    public static long Now(PostgresConnection connection)
    {
        using var now = connection.Use(NowSql);
        now.Step();
        return now.Int64();
    }

    private static IReadOnlyList<Migration> Missing(PostgresConnection connection, MigrationLine line, string schema, string store)
    {
        using (var exists = connection.Use(ExistsSql))
        {
            exists.Bind(schema).Step();
            if (!exists.Boolean())
                return line.Known;
        }
        var tables = new List<string>();
        using (var row = connection.Use(TablesSql))
        {
            row.Bind(schema);
            while (row.Step())
                tables.Add(row.Text());
        }
        if (tables.Count == 0)
            return line.Known;
        if (!tables.Contains("schema_version"))
        {
            throw new KitaruBackendException(
                $"{store} is a schema of some other program (tables {Texts.Short(string.Join(',', tables))}), not a Kitaru store; it was left untouched.",
                "Rename that schema, or use another database.");
        }
        using var version = connection.Use(VersionSql);
        var (number, program) = version.Step() ? (version.Int32(), version.Text()) : (0, "");
        return line.After(number, program, store);
    }
}
