using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound and columns read from left to right, so that the order in the SQL is the only
/// thing to keep in step.
/// </summary>
internal sealed class Statement(Connection connection, sqlite3_stmt handle, string text) : IDisposable
{
    private const int StackBytesMax = 1024;

    private int _parameter;
    private int _column;

    public Statement Bind(long value)
    {
        raw.sqlite3_bind_int64(handle, ++_parameter, value);
        return this;
    }

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    public Statement Bind(double value)
    {
        raw.sqlite3_bind_double(handle, ++_parameter, value);
        return this;
    }

    public Statement Bind(DateTimeOffset value) => Bind(Instant.ToMicroseconds(value));

    public Statement Bind(DateTimeOffset? value) => value is { } time ? Bind(time) : BindNull();

    public Statement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return BindBlob(bytes);
    }

    public Statement Bind(Guid? value) => value is { } id ? Bind(id) : BindNull();

    public Statement Bind(byte[]? value) => value is null ? BindNull() : BindBlob(value);

    public Statement Bind(JsonNode? value) => value is null ? BindNull() : Bind(KitaruJson.Write(value));

    public Statement Bind(string? value)
    {
        if (value is null)
            return BindNull();
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

    /// <summary>A JSON text or number as it is, true and false as one byte, which no number equals.</summary>
    public Statement BindScalar(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => Bind(value.GetValue<string>()),
        JsonValueKind.Number when long.TryParse(KitaruJson.Write(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Bind(whole),
        JsonValueKind.Number => Bind(double.Parse(KitaruJson.Write(value), NumberStyles.Float, CultureInfo.InvariantCulture)),
        JsonValueKind.True => BindBlob([1]),
        JsonValueKind.False => BindBlob([0]),
        _ => BindNull(),
    };

    /// <summary>Three parameters: execution, owner, epoch; what every fenced statement asks for first.</summary>
    public Statement Bind(Lease lease) => Bind(lease.ExecutionId.Value).Bind(lease.Owner.Value).Bind(lease.Epoch);

    /// <summary>
    /// Five parameters: media type, type name, size, hash, bytes. A row that refers to the artifact store is written only while the value is
    /// there, and values are removed in transactions too: so no row ever refers to nothing.
    /// </summary>
    public Statement Bind(StoredValue? value)
    {
        if (value is null)
            return BindNull().BindNull().BindNull().BindNull().BindNull();
        if (value.Inline is null && connection.LargeValueExists is { } exists && !exists(value.Hash))
        {
            throw new KitaruBackendException(
                $"The value with hash {value.Hash} is not in the artifact store, so no record of it was written.", "Call again with the value itself.");
        }
        Span<byte> hash = stackalloc byte[32];
        if (Convert.FromHexString(value.Hash, hash, out _, out var written) != OperationStatus.Done || written != hash.Length)
            throw new KitaruUsageException($"'{Texts.Short(value.Hash)}' is not the SHA-256 of a value: expected 64 hex digits.");
        return Bind(value.MediaType).Bind(value.TypeName).Bind(value.SizeBytes).BindBlob(hash).Bind(value.Inline);
    }

    public Statement BindNull()
    {
        raw.sqlite3_bind_null(handle, ++_parameter);
        return this;
    }

    /// <summary>Steps to the next row; false at the end.</summary>
    public bool Step()
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

    /// <summary>Runs to the end and says how many rows were changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }
        return connection.Changes;
    }

    public bool IsNull() => raw.sqlite3_column_type(handle, _column) == raw.SQLITE_NULL;

    public void Skip(int columns = 1) => _column += columns;

    public long Int64() => raw.sqlite3_column_int64(handle, _column++);

    public int Int32() => (int)Int64();

    public bool Boolean() => Int64() != 0;

    public long? Int64OrNull() => IsNull() ? SkipNull<long?>() : Int64();

    public double? DoubleOrNull() => IsNull() ? SkipNull<double?>() : raw.sqlite3_column_double(handle, _column++);

    /// <summary>What <see cref="BindScalar"/> binds.</summary>
    public JsonNode? Scalar()
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

    public DateTimeOffset Time() => Instant.FromMicroseconds(Int64());

    public DateTimeOffset? TimeOrNull() => IsNull() ? SkipNull<DateTimeOffset?>() : Time();

    public Guid Id() => new(raw.sqlite3_column_blob(handle, _column++), bigEndian: true);

    public Guid? IdOrNull() => IsNull() ? SkipNull<Guid?>() : Id();

    /// <summary>By its length, not up to the first NUL: program output holds any character.</summary>
    public string Text() => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, _column++));

    public string? TextOrNull() => IsNull() ? SkipNull<string>() : Text();

    public byte[]? BytesOrNull() => IsNull() ? SkipNull<byte[]>() : raw.sqlite3_column_blob(handle, _column++).ToArray();

    public JsonObject? JsonOrNull() => TextOrNull() is { } json ? (JsonObject?)KitaruJson.Parse(json) : null;

    /// <summary>Five columns: media type, type name, size, hash, bytes.</summary>
    public StoredValue? ValueOrNull()
    {
        if (IsNull())
        {
            Skip(5);
            return null;
        }
        var (mediaType, typeName, size) = (Text(), Text(), Int64());
        var hash = Convert.ToHexStringLower(raw.sqlite3_column_blob(handle, _column++));
        return new StoredValue(mediaType, typeName, hash, size, BytesOrNull());
    }

    /// <summary>Makes it ready for the next use.</summary>
    public void Dispose()
    {
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        _parameter = 0;
    }

    internal void Close() => handle.Dispose();

    private Statement BindBlob(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            raw.sqlite3_bind_zeroblob(handle, ++_parameter, 0);
        else
            raw.sqlite3_bind_blob(handle, ++_parameter, bytes);
        return this;
    }

    private T? SkipNull<T>()
    {
        _column++;
        return default;
    }

    private SqliteException Fail(int result)
    {
        var error = connection.Error(result, text);
        raw.sqlite3_reset(handle);
        return error;
    }
}
