using Kitaru.Core;
using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// One SQLite connection with its prepared statements; used by one thread at a time. It sits on SQLitePCLRaw because
/// Microsoft.Data.Sqlite answers a busy database with sleeps of 150 ms of its own.
/// </summary>
internal sealed class SqliteConnection : Connection
{
    private const int ExtendedResultCodes = 0x02000000;

    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG.</summary>
    private const int StablePlans = 1007;

    private readonly sqlite3 _handle;
    private readonly Dictionary<Sql, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    static SqliteConnection() => Batteries_V2.Init();

    /// <summary>Opens a file that exists.</summary>
    public static SqliteConnection Open(string path, int busyMilliseconds)
    {
        var result = raw.sqlite3_open_v2(path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | ExtendedResultCodes, null);
        var connection = new SqliteConnection(handle);
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

    public override Dialect Dialect => Dialect.Sqlite;

    public override long TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>Whether a transaction is open; SQLite ends it by itself after some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public override bool HasLargeValue(string hash) => LargeValueExists?.Invoke(hash) ?? true;

    public override SqliteStatement Use(Sql sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = Prepare(sql.Text, raw.SQLITE_PREPARE_PERSISTENT);
            _statements.Add(sql, statement);
        }
        return statement;
    }

    /// <summary>Runs text of one or more statements that is used once: pragmas and migrations.</summary>
    public void Script(string text)
    {
        var result = raw.sqlite3_exec(_handle, text);
        if (result != raw.SQLITE_OK)
            throw Error(result, Texts.Short(text, 500));
    }

    public override T ReadOnce<T>(string text, Func<Statement, T> read)
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

    protected override void Dispose(bool disposing)
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

    private SqliteStatement Prepare(string text, uint flags)
    {
        var result = raw.sqlite3_prepare_v3(_handle, text, flags, out var handle);
        return result == raw.SQLITE_OK ? new SqliteStatement(this, handle, text) : throw Error(result, text);
    }
}
