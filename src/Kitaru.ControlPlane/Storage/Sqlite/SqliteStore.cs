using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>Opens stores on SQLite: a file, safe for several processes at once; or, for tests, a database in memory.</summary>
internal static class SqliteStore
{
    private const int WriterBusyMilliseconds = 10_000;

    /// <summary>Opens a project's store, made or brought up to date first when need be.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="time">What gives the store its present.</param>
    /// <param name="largeValueExists">Whether a value stands in the artifact store; asked inside transactions, so it must be quick.</param>
    public static SqlStore Open(string path, TimeProvider time, Func<string, bool>? largeValueExists = null) =>
        new(OpenSession(path, Migrator.Project, time, largeValueExists), path);

    /// <summary>A store on a database in memory, which stays its maker's: every call is done when it returns, on the caller's thread.</summary>
    public static SqlStore OpenInMemory(MemoryDatabase database, TimeProvider time) => new(new InlineSession(database, time), MemoryDatabase.Name);

    /// <summary>Opens a file of any line of migrations, made or brought up to date first when need be.</summary>
    public static QueuedSession OpenSession(string path, MigrationLine line, TimeProvider time, Func<string, bool>? largeValueExists = null)
    {
        FileGate? gate = null;
        SqliteConnection? connection = null;
        try
        {
            ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
            gate = new FileGate(path + ".lock");
            gate.Enter();
            try
            {
                // Behind the gate: closing a database file drops the locks SQLite holds on it elsewhere in this process.
                FileGate.CreateForOwnerOnly(path);
                connection = SqliteConnection.Open(path, WriterBusyMilliseconds);
                Prepare(connection, line, path, time);
                connection.LargeValueExists = largeValueExists;
            }
            finally
            {
                gate.Exit();
            }
            return new QueuedSession(path, connection, gate, time);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            gate?.Dispose();
            if (error is SqliteException sqlite)
                throw StoreErrors.Of(sqlite, path);
            if (error is UnauthorizedAccessException or IOException)
            {
                throw new KitaruBackendException(
                    $"The store {path} cannot be opened: {error.Message}", "Make that folder writable for this user, or set KITARU_CONFIG_PATH to another one.", error);
            }
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection, MigrationLine line, string path, TimeProvider time)
    {
        connection.Script("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
        var mode = connection.Scalar("PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw Unsafe(path, $"its journal mode stays '{mode}' instead of 'wal'");
        if (connection.Scalar("PRAGMA synchronous") != "2")
            throw Unsafe(path, "SQLite does not flush every commit to the disk");
        Migrator.Apply(connection, line, path, time.GetUtcNow());
    }

    private static KitaruBackendException Unsafe(string path, string why) => new(
        $"The store {path} cannot be used safely: {why}. This happens on network and shared file systems.",
        "Set KITARU_CONFIG_PATH to a folder on a local disk.");
}
