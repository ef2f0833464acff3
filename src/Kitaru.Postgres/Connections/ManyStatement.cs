using Kitaru.ControlPlane.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Kitaru.Postgres;

/// <summary>Changes of one kind that become a single statement over arrays. Two with the same key do not meet in one: each is to get its own answer.</summary>
internal sealed class ManyStatement(ManyRows many)
{
    private readonly List<NpgsqlParameterCollection> _rows = [];
    private readonly Dictionary<Guid, RepeatableOperation> _waiting = [];
    private readonly List<RepeatableOperation> _others = [];

    /// <summary>Adds a row.</summary>
    public void Add(NpgsqlParameterCollection row, RepeatableOperation operation)
    {
        if (_waiting.TryAdd(((NpgsqlParameter<Guid>)row[many.Key - 1]).TypedValue, operation))
            _rows.Add(row);
        else
            _others.Add(operation);
    }

    /// <summary>Sends it along; the operations get their answers with it.</summary>
    public void Post(PostgresConnection connection)
    {
        var command = new NpgsqlBatchCommand(many.PostgresText);
        for (var column = 0; column < _rows[0].Count; column++)
            command.Parameters.Add(Column(column));
        foreach (var operation in _waiting.Values)
            operation.Answer(0);
        connection.Post(command, hasRows: true, row: reader => _waiting[reader.GetGuid(0)].Answer(1));
        foreach (var operation in _others)
            operation.Post(connection);
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
