using System.Text.RegularExpressions;

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
/// The same change for many rows at once, where a database is far away and each statement costs its own planning, sending and answering. Each is written so that
/// only one plan is possible, from the keys to their rows: a join made while a table is small would be kept when it walks a whole index of a large one.
/// </summary>
/// <param name="PostgresText">The statement; its parameters are the single one's as arrays. Where an answer is asked for, it returns the keys of the rows it changed.</param>
/// <param name="Key">The number of the parameter, from 1, that is a row's own id.</param>
internal sealed record ManyRows(string PostgresText, int Key = 1)
{
    /// <summary>The rows to join with, as <c>i</c>.</summary>
    /// <param name="columns">The single statement's parameters in their order, each with its type: <c>exec_id uuid, ended_at bigint</c>.</param>
    public static string Of(string columns)
    {
        var parts = columns.Split(',', StringSplitOptions.TrimEntries).Select(column => column.Split(' ')).ToArray();
        return $"unnest({string.Join(", ", parts.Select((part, i) => $"${i + 1}::{part[1]}[]"))}) AS i({string.Join(", ", parts.Select(part => part[0]))})";
    }
}

/// <summary>
/// One whole statement, with both texts where the databases differ; parameters are <c>?1</c>, <c>?2</c> in both. Its identity, not its text, is the key
/// of the cache of prepared statements.
/// </summary>
internal sealed partial class Sql(string sqlite, string postgres)
{
    public Sql(string text)
        : this(text, text)
    {
    }

    /// <summary>How many of it become one; null when each is sent by itself.</summary>
    public ManyRows? Many { get; init; }

    /// <summary>What SQLite is given.</summary>
    public string Text { get; } = sqlite;

    /// <summary>What PostgreSQL is given, with parameters as it writes them.</summary>
    public string PostgresText { get; } = ForPostgres(postgres);

    /// <summary>
    /// Parameters as PostgreSQL writes them, without what tells SQLite's planner which way to go. No statement has a question mark elsewhere.
    /// </summary>
    public static string ForPostgres(string text) =>
        SqliteHint().Replace(text, "").Replace("CROSS JOIN", "JOIN", StringComparison.Ordinal).Replace('?', '$');

    /// <summary>A list of texts in a JSON array that stands in a column or parameter.</summary>
    public static string Items(Dialect dialect, string json) =>
        dialect == Dialect.Sqlite ? $"(SELECT value FROM json_each({json}))" : $"(SELECT kitaru_items({json}))";

    /// <summary>A text for each database.</summary>
    public static Sql Of(Func<Dialect, string> text) => new(text(Dialect.Sqlite), text(Dialect.Postgres));

    /// <summary>A select whose rows, on a database with many writers, stay as they are until the transaction ends.</summary>
    public static Sql Locking(string text) => new(text, text + " FOR NO KEY UPDATE");

    [GeneratedRegex(@" INDEXED BY \w+")]
    private static partial Regex SqliteHint();
}
