using System.Reflection;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// Brings a store to this program's schema: numbered files, forward only, each once, all that are missing in one transaction. A store of
/// a newer program is refused.
/// </summary>
internal static class Migrator
{
    private const string FolderPrefix = "Storage.Sqlite.Migrations.";

    private static readonly Sql ReadSql = new("SELECT version, program FROM schema_version ORDER BY version DESC LIMIT 1");

    private static readonly Sql RecordSql = new("INSERT INTO schema_version (version, name, program, applied_at) VALUES (?1, ?2, ?3, ?4)");

    /// <summary>All migrations this program knows, in order.</summary>
    public static IReadOnlyList<Migration> Known { get; } = Load();

    public static string Program { get; } = "Kitaru " + (typeof(Migrator).Assembly.GetName().Version?.ToString(3) ?? "");

    /// <summary>The caller holds the gate, so that one process migrates and the others find it done.</summary>
    public static void Apply(Connection connection, string path, DateTimeOffset now)
    {
        if (Missing(connection, path).Count == 0)
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
            foreach (var migration in Missing(connection, path))
            {
                connection.Script(migration.Text);
                using var record = connection.Use(RecordSql);
                record.Bind(migration.Version).Bind(migration.Name).Bind(Program).Bind(now).Run();
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

    private static List<Migration> Missing(Connection connection, string path)
    {
        var tables = connection.Scalar("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") ?? "";
        if (tables.Length == 0)
            return [.. Known];
        if (!tables.Split(',').Contains("schema_version"))
        {
            throw new KitaruBackendException(
                $"{path} is a database of some other program (tables {Texts.Short(tables)}), not a Kitaru store; it was left untouched.",
                "Move that file away, or set KITARU_CONFIG_PATH to another folder.");
        }
        using var row = connection.Use(ReadSql);
        var (version, program) = row.Step() ? (row.Int64(), row.Text()) : (0, "");
        if (version > Known[^1].Version)
        {
            throw new KitaruBackendException(
                $"The store {path} has schema version {version}, written by {program}; this program is {Program} and knows versions up to {Known[^1].Version}.",
                "Update this program to that version of Kitaru or a later one.");
        }
        return [.. Known.Where(migration => migration.Version > version)];
    }

    private static List<Migration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var migrations = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            var start = resource.IndexOf(FolderPrefix, StringComparison.Ordinal);
            if (start < 0)
                continue;
            var name = Path.GetFileNameWithoutExtension(resource[(start + FolderPrefix.Length)..]);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            migrations.Add(new Migration(int.Parse(name.AsSpan(0, 4), provider: null), name, reader.ReadToEnd()));
        }
        return migrations;
    }
}

/// <summary>One numbered file.</summary>
internal sealed record Migration(int Version, string Name, string Text);
