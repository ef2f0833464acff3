using Kitaru.Core;
using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// One SQLite connection with its prepared statements; used by one thread at a time. It sits on SQLitePCLRaw because
/// Microsoft.Data.Sqlite answers a busy database with sleeps of 150 ms of its own.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int ExtendedResultCodes = 0x02000000;

    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG.</summary>
    private const int StablePlans = 1007;

    private readonly sqlite3 _handle;
    private readonly Dictionary<Sql, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    private Connection(sqlite3 handle) => _handle = handle;

    static Connection() => Batteries_V2.Init();

    /// <summary>Opens a file that exists.</summary>
    public static Connection Open(string path, int busyMilliseconds)
    {
        var result = raw.sqlite3_open_v2(path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | ExtendedResultCodes, null);
        var connection = new Connection(handle);
        if (result != raw.SQLITE_OK)
        {
            var error = connection.Error(result, "open");
            connection.Dispose();
            throw error;
        }
        raw.sqlite3_busy_timeout(handle, busyMilliseconds);
        NearestRank.Register(handle);
        // Otherwise SQLite plans a statement anew whenever a parameter is bound that is compared with the column of a partial index: 260 µs a claim instead of 1.
        raw.sqlite3_db_config(handle, StablePlans, 1, out _);
        return connection;
    }

    /// <summary>Whether a large value stands in the artifact store; null when nobody can tell.</summary>
    public Func<string, bool>? LargeValueExists { get; set; }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Rows changed since the connection was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>Whether a transaction is open; SQLite ends it by itself after some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The prepared statement, ready to be bound. Dispose resets it.</summary>
    public Statement Use(Sql sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = Prepare(sql.Text, raw.SQLITE_PREPARE_PERSISTENT);
            _statements.Add(sql, statement);
        }
        return statement;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(Sql sql)
    {
        using var statement = Use(sql);
        statement.Run();
    }

    /// <summary>Runs text of one or more statements that is used once: pragmas and migrations.</summary>
    public void Script(string text)
    {
        var result = raw.sqlite3_exec(_handle, text);
        if (result != raw.SQLITE_OK)
            throw Error(result, Texts.Short(text, 500));
    }

    /// <summary>Reads with a statement that was made for this one call; it is not kept.</summary>
    public T ReadOnce<T>(string text, Func<Statement, T> read)
    {
        var statement = Prepare(text, 0);
        try
        {
            return read(statement);
        }
        finally
        {
            statement.Close();
        }
    }

    /// <summary>The first column of the first row of a statement that is used once, as text.</summary>
    public string? Scalar(string text)
    {
        var statement = Prepare(text, 0);
        try
        {
            return statement.Step() ? statement.Text() : null;
        }
        finally
        {
            statement.Close();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _statements.Clear();
        raw.sqlite3_close_v2(_handle);
        _handle.Dispose();
    }

    internal SqliteException Error(int result, string sql)
    {
        var extended = raw.sqlite3_extended_errcode(_handle);
        return new SqliteException(extended == raw.SQLITE_OK ? result : extended, raw.sqlite3_errmsg(_handle).utf8_to_string(), sql);
    }

    private Statement Prepare(string text, uint flags)
    {
        var result = raw.sqlite3_prepare_v3(_handle, text, flags, out var handle);
        return result == raw.SQLITE_OK ? new Statement(this, handle, text) : throw Error(result, text);
    }
}
