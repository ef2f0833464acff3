using Kitaru.ControlPlane.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Kitaru.Postgres;

/// <summary>Changes of one kind that become a single statement over arrays.</summary>
internal sealed class ManyStatement(ManyRows many)
{
    private readonly List<NpgsqlParameterCollection> _rows = [];

    /// <summary>The key of what a single one is given.</summary>
    public Guid KeyOf(NpgsqlParameterCollection row) => ((NpgsqlParameter<Guid>)row[many.Key - 1]).TypedValue;

    /// <summary>Adds what a single one is given.</summary>
    public void Add(NpgsqlParameterCollection row) => _rows.Add(row);

    /// <summary>Sends it along.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="changed">Told the keys of the rows it changed, where the statement returns them; null when nobody asks.</param>
    public void Post(PostgresConnection connection, Action<Guid>? changed = null)
    {
        var command = new NpgsqlBatchCommand(many.PostgresText);
        for (var column = 0; column < _rows[0].Count; column++)
            command.Parameters.Add(Column(column));
        connection.Post(command, hasRows: changed is not null, row: changed is null ? null : reader => changed(reader.GetGuid(0)));
    }

    private NpgsqlParameter Column(int column) => _rows[0][column].NpgsqlDbType switch
    {
        NpgsqlDbType.Bigint => Column<long?>(column, NpgsqlDbType.Bigint, static value => value is NpgsqlParameter<long> number ? number.TypedValue : null),
        NpgsqlDbType.Uuid => Column<Guid?>(column, NpgsqlDbType.Uuid, static value => value is NpgsqlParameter<Guid> id ? id.TypedValue : null),
        NpgsqlDbType.Bytea => Column<byte[]?>(column, NpgsqlDbType.Bytea, static value => (value as NpgsqlParameter<byte[]>)?.TypedValue),
        NpgsqlDbType.Text => Column<string?>(column, NpgsqlDbType.Text, static value => (value as NpgsqlParameter<string>)?.TypedValue),
        var other => throw new NotSupportedException($"A parameter of type {other} in a statement for many rows."),
    };

    private NpgsqlParameter<T[]> Column<T>(int column, NpgsqlDbType type, Func<NpgsqlParameter, T> read)
    {
        var values = new T[_rows.Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = read(_rows[row][column]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
