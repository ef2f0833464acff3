using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <inheritdoc/>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle, string text) : Statement
{
    private const int StackBytesMax = 1024;

    private int _parameter;
    private int _column;

    public override Statement Bind(long value)
    {
        raw.sqlite3_bind_int64(handle, ++_parameter, value);
        return this;
    }

    public override Statement Bind(double value)
    {
        raw.sqlite3_bind_double(handle, ++_parameter, value);
        return this;
    }

    public override Statement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind((ReadOnlySpan<byte>)bytes);
    }

    public override Statement Bind(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            raw.sqlite3_bind_zeroblob(handle, ++_parameter, 0);
        else
            raw.sqlite3_bind_blob(handle, ++_parameter, bytes);
        return this;
    }

    public override Statement Bind(string? value)
    {
        if (value is null)
            return BindNull(ParameterKind.Text);
        if (value.Length == 0)
        {
            // A span without bytes has no address, and SQLite takes that for NULL.
            raw.sqlite3_bind_text(handle, ++_parameter, "");
            return this;
        }
        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = null;
        var buffer = bytesMax <= StackBytesMax ? stackalloc byte[StackBytesMax] : rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        raw.sqlite3_bind_text(handle, ++_parameter, (ReadOnlySpan<byte>)buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    public override Statement BindNull(ParameterKind kind)
    {
        raw.sqlite3_bind_null(handle, ++_parameter);
        return this;
    }

    public override bool Step()
    {
        _column = 0;
        var result = raw.sqlite3_step(handle);
        return result switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Fail(result),
        };
    }

    public override int Run()
    {
        while (Step())
        {
        }
        return connection.Changes;
    }

    public override bool IsNull() => raw.sqlite3_column_type(handle, _column) == raw.SQLITE_NULL;

    public override void Skip(int columns = 1) => _column += columns;

    public override long Int64() => raw.sqlite3_column_int64(handle, _column++);

    public override bool Boolean() => Int64() != 0;

    public override double? DoubleOrNull() => IsNull() ? SkipNull<double?>() : raw.sqlite3_column_double(handle, _column++);

    public override JsonNode? Scalar()
    {
        switch (raw.sqlite3_column_type(handle, _column))
        {
            case raw.SQLITE_INTEGER:
                return Int64();
            case raw.SQLITE_FLOAT:
                return DoubleOrNull() is { } number && double.IsFinite(number) ? number : null;
            case raw.SQLITE_TEXT:
                return Text();
            case raw.SQLITE_BLOB:
                return raw.sqlite3_column_blob(handle, _column++)[0] != 0;
            default:
                return SkipNull<JsonNode>();
        }
    }

    public override Guid Id() => new(raw.sqlite3_column_blob(handle, _column++), bigEndian: true);

    /// <summary>By its length, not up to the first NUL.</summary>
    public override string Text() => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, _column++));

    public override byte[] Bytes() => raw.sqlite3_column_blob(handle, _column++).ToArray();

    /// <summary>Makes it ready for the next use.</summary>
    public override void Dispose()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        _parameter = 0;
    }

    internal void Close() => handle.Dispose();

    protected override bool HasLargeValue(string hash) => connection.HasLargeValue(hash);

    private SqliteException Fail(int result)
    {
        var error = connection.Error(result, text);
        raw.sqlite3_reset(handle);
        return error;
    }
}
