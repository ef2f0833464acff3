using System.Buffers.Binary;
using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// Percentiles for SQLite, which has none: <c>kitaru_values(number)</c> gathers numbers, <c>kitaru_rank(numbers, percent)</c> takes
/// gathered or single ones and answers the least that so many percent do not exceed. Sorting all rows by a window takes ten times as long.
/// </summary>
internal static class NearestRank
{
    public const string ValuesName = "kitaru_values";

    public const string Name = "kitaru_rank";

    private const int Flags = raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC;

    /// <summary>Makes both known to a connection.</summary>
    public static void Register(sqlite3 connection)
    {
        raw.sqlite3_create_function(connection, ValuesName, 1, Flags, null, Gather, AnswerValues);
        raw.sqlite3_create_function(connection, Name, 2, Flags, null, Gather, AnswerRank);
    }

    private static void Gather(sqlite3_context context, object user, sqlite3_value[] arguments)
    {
        var state = (State)(context.state ??= new State());
        if (arguments.Length > 1)
            state.Percent = raw.sqlite3_value_int64(arguments[1]);
        switch (raw.sqlite3_value_type(arguments[0]))
        {
            case raw.SQLITE_NULL:
                return;
            case raw.SQLITE_BLOB:
                for (var rest = raw.sqlite3_value_blob(arguments[0]); rest.Length >= sizeof(double); rest = rest[sizeof(double)..])
                    state.Values.Add(BinaryPrimitives.ReadDoubleLittleEndian(rest));
                return;
            default:
                state.Values.Add(raw.sqlite3_value_double(arguments[0]));
                return;
        }
    }

    private static void AnswerValues(sqlite3_context context, object user)
    {
        if (context.state is not State { Values: { Count: > 0 } values })
        {
            raw.sqlite3_result_null(context);
            return;
        }
        var bytes = new byte[values.Count * sizeof(double)];
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        raw.sqlite3_result_blob(context, bytes);
    }

    private static void AnswerRank(sqlite3_context context, object user)
    {
        if (context.state is not State { Values: { Count: > 0 } values } state)
        {
            raw.sqlite3_result_null(context);
            return;
        }
        values.Sort();
        raw.sqlite3_result_double(context, values[(int)((values.Count * state.Percent + 99) / 100) - 1]);
    }

    private sealed class State
    {
        public List<double> Values { get; } = [];

        public long Percent { get; set; }
    }
}
