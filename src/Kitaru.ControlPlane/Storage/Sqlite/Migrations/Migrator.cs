using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>Brings a file to this program's schema: all migrations that are missing in one transaction. A database of some other program is left untouched.</summary>
internal static class Migrator
{
    private static readonly Sql ReadSql = new("SELECT version, program FROM schema_version ORDER BY version DESC LIMIT 1");

    private static readonly Sql RecordSql = new("INSERT INTO schema_version (version, name, program, applied_at) VALUES (?1, ?2, ?3, ?4)");

    /// <summary>What a project holds.</summary>
    public static MigrationLine Project { get; } = Line("Project");

    /// <summary>The line whose files stand in that folder.</summary>
    public static MigrationLine Line(string name) => MigrationLine.Load(typeof(Migrator).Assembly, "Storage.Sqlite.Migrations", name);

    /// <summary>The caller holds the gate, so that one process migrates and the others find it done.</summary>
    public static void Apply(SqliteConnection connection, MigrationLine line, string path, DateTimeOffset now)
    {
        if (Missing(connection, line, path).Count == 0)
            return;
        connection.Script("BEGIN IMMEDIATE");
        try
        {
            connection.Script(
                """
                CREATE TABLE IF NOT EXISTS schema_version (
                    version    INTEGER NOT NULL PRIMARY KEY,
                    name       TEXT NOT NULL,
                    program    TEXT NOT NULL,
                    applied_at INTEGER NOT NULL
                ) STRICT
                """);
            foreach (var migration in Missing(connection, line, path))
            {
                connection.Script(migration.Text);
                using var record = connection.Use(RecordSql);
                record.Bind((long)migration.Version).Bind(migration.Name).Bind(MigrationLine.Program).Bind(now).Run();
            }
            connection.Script("COMMIT");
        }
        catch
        {
            if (connection.InTransaction)
                connection.Script("ROLLBACK");
            throw;
        }
    }

    private static IReadOnlyList<Migration> Missing(SqliteConnection connection, MigrationLine line, string path)
    {
        var tables = connection.Scalar("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") ?? "";
        if (tables.Length == 0)
            return line.Known;
        if (!tables.Split(',').Contains("schema_version"))
        {
            throw new KitaruBackendException(
                $"{path} is a database of some other program (tables {Texts.Short(tables)}), not a Kitaru store; it was left untouched.",
                "Move that file away, or set KITARU_CONFIG_PATH to another folder.");
        }
        using var row = connection.Use(ReadSql);
        var (version, program) = row.Step() ? (row.Int32(), row.Text()) : (0, "");
        return line.After(version, program, path);
    }
}
