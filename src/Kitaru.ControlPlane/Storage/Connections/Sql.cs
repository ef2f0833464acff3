namespace Kitaru.ControlPlane.Storage;

/// <summary>The databases there are drivers for.</summary>
internal enum Dialect
{
    /// <summary>The embedded store.</summary>
    Sqlite,

    /// <summary>Shared servers.</summary>
    Postgres,
}

/// <summary>
/// One whole statement, with both texts where the databases differ; parameters are <c>?1</c>, <c>?2</c> in both. Its identity, not its text, is the key
/// of the cache of prepared statements.
/// </summary>
internal sealed class Sql(string sqlite, string postgres)
{
    public Sql(string text)
        : this(text, text)
    {
    }

    /// <summary>What SQLite is given.</summary>
    public string Text { get; } = sqlite;

    /// <summary>What PostgreSQL is given, with parameters as it writes them.</summary>
    public string PostgresText { get; } = ForPostgres(postgres);

    /// <summary>Parameters as PostgreSQL writes them. No statement has a question mark elsewhere.</summary>
    public static string ForPostgres(string text) => text.Replace('?', '$');
}
