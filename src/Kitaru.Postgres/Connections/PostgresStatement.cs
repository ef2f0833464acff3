using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core.Json;
using Npgsql;
using NpgsqlTypes;

namespace Kitaru.Postgres;

/// <inheritdoc/>
internal sealed class PostgresStatement(PostgresConnection connection, string text) : Statement
{
    private NpgsqlBatchCommand? _command;
    private NpgsqlDataReader? _reader;
    private int _column;

    /// <summary>Whether it answers with rows, even none.</summary>
    private readonly bool _hasRows = text.TrimStart().StartsWith("SELECT", StringComparison.Ordinal)
        || text.TrimStart().StartsWith("WITH", StringComparison.Ordinal) || text.Contains("RETURNING", StringComparison.Ordinal);

    private NpgsqlDataReader Row => _reader ?? throw new InvalidOperationException($"Another statement has ended this one: {text}");

    public override Statement Bind(long value) => Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public override Statement Bind(double value) => Add(new NpgsqlParameter<double> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Double });

    public override Statement Bind(Guid value) => Add(new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid });

    public override Statement Bind(ReadOnlySpan<byte> bytes) => Bind(bytes.ToArray());

    public override Statement Bind(byte[]? value) =>
        value is null ? BindNull(ParameterKind.Bytes) : Add(new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea });

    public override Statement Bind(string? value) =>
        value is null ? BindNull(ParameterKind.Text) : Add(new NpgsqlParameter<string> { TypedValue = StoredText.Write(value), NpgsqlDbType = NpgsqlDbType.Text });

    /// <summary>As JSON text, which the statement turns into jsonb.</summary>
    public override Statement BindScalar(JsonNode? value) => Bind(value);

    /// <summary>With a type all the same: the statement that was prepared for a value serves for none too.</summary>
    public override Statement BindNull(ParameterKind kind) => Add(new NpgsqlParameter
    {
        Value = DBNull.Value,
        NpgsqlDbType = kind switch
        {
            ParameterKind.Number => NpgsqlDbType.Bigint,
            ParameterKind.Id => NpgsqlDbType.Uuid,
            ParameterKind.Bytes => NpgsqlDbType.Bytea,
            _ => NpgsqlDbType.Text,
        },
    });

    public override bool Step()
    {
        if (_reader is null)
        {
            _reader = connection.Query(Take(), _hasRows, this);
            if (_reader is null)
                return false;
        }
        _column = 0;
        if (connection.Guard(_reader, static reader => reader.Read()))
            return true;
        connection.EndReading();
        return false;
    }

    public override int Run()
    {
        if (_hasRows)
        {
            while (Step())
            {
            }
            return connection.LastCount;
        }
        return connection.Execute(Take());
    }

    public override void Post() => connection.Post(Take(), _hasRows);

    /// <summary>As <see cref="Post()"/>, with the number of changed rows when it is there.</summary>
    public void Post(Action<int> done) => connection.Post(Take(), _hasRows, done);

    public override bool IsNull() => Row.IsDBNull(_column);

    public override void Skip(int columns = 1) => _column += columns;

    public override long Int64() => Row.GetInt64(_column++);

    public override bool Boolean()
    {
        var column = _column++;
        return Row.GetFieldType(column) == typeof(bool) ? Row.GetBoolean(column) : Row.GetInt64(column) != 0;
    }

    public override double? DoubleOrNull()
    {
        var column = _column++;
        return Row.IsDBNull(column) ? null
            : Row.GetFieldType(column) == typeof(string) ? double.Parse(Row.GetString(column), NumberStyles.Float, CultureInfo.InvariantCulture)
            : Row.GetDouble(column);
    }

    public override JsonNode? Scalar()
    {
        if (IsNull())
            return SkipNull<JsonNode>();
        var json = Row.GetString(_column++);
        return json[0] is '"' or 't' or 'f' ? KitaruJson.Parse(json)
            : long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : null;
    }

    public override Guid Id() => Row.GetGuid(_column++);

    public override string Text() => StoredText.Read(Row.GetString(_column++));

    public override byte[] Bytes() => Row.GetFieldValue<byte[]>(_column++);

    public override void Dispose()
    {
        _command = null;
        if (_reader is not null)
            connection.EndReading();
    }

    /// <summary>The rows are no longer to be had.</summary>
    internal void Ended() => _reader = null;

    protected override bool HasLargeValue(string hash) => connection.HasLargeValue(hash);

    private PostgresStatement Add(NpgsqlParameter parameter)
    {
        (_command ??= new NpgsqlBatchCommand(text)).Parameters.Add(parameter);
        return this;
    }

    /// <summary>The command with what was bound; the next one begins anew.</summary>
    internal NpgsqlBatchCommand Take()
    {
        var command = _command ?? new NpgsqlBatchCommand(text);
        _command = null;
        return command;
    }
}
