using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What a parameter is when it has no value.</summary>
internal enum ParameterKind
{
    /// <summary>A whole number, a time or a flag.</summary>
    Number,

    /// <summary>Text or JSON.</summary>
    Text,

    /// <summary>An id.</summary>
    Id,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>
/// A prepared statement. Parameters are bound and columns read from left to right, so that the order in the SQL is the only
/// thing to keep in step.
/// </summary>
internal abstract class Statement : IDisposable
{
    private const int HashBytes = 32;

    public abstract Statement Bind(long value);

    public abstract Statement Bind(double value);

    public abstract Statement Bind(Guid value);

    public abstract Statement Bind(ReadOnlySpan<byte> bytes);

    public abstract Statement Bind(string? value);

    public abstract Statement BindNull(ParameterKind kind);

    public Statement Bind(bool value) => Bind(value ? 1L : 0L);

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull(ParameterKind.Number);

    public Statement Bind(DateTimeOffset value) => Bind(Instant.ToMicroseconds(value));

    public Statement Bind(DateTimeOffset? value) => value is { } time ? Bind(time) : BindNull(ParameterKind.Number);

    public Statement Bind(Guid? value) => value is { } id ? Bind(id) : BindNull(ParameterKind.Id);

    public virtual Statement Bind(byte[]? value) => value is null ? BindNull(ParameterKind.Bytes) : Bind((ReadOnlySpan<byte>)value);

    public Statement Bind(JsonNode? value) => Bind(value is null ? null : KitaruJson.Write(value));

    /// <summary>A JSON text or number as it is, true and false as one byte, which no number equals.</summary>
    public virtual Statement BindScalar(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => Bind(value.GetValue<string>()),
        JsonValueKind.Number when long.TryParse(KitaruJson.Write(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Bind(whole),
        JsonValueKind.Number => Bind(double.Parse(KitaruJson.Write(value), NumberStyles.Float, CultureInfo.InvariantCulture)),
        JsonValueKind.True => Bind((ReadOnlySpan<byte>)[1]),
        JsonValueKind.False => Bind((ReadOnlySpan<byte>)[0]),
        _ => BindNull(ParameterKind.Text),
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
        {
            return BindNull(ParameterKind.Text).BindNull(ParameterKind.Text).BindNull(ParameterKind.Number)
                .BindNull(ParameterKind.Bytes).BindNull(ParameterKind.Bytes);
        }
        if (value.Inline is null && !HasLargeValue(value.Hash))
        {
            throw new KitaruBackendException(
                $"The value with hash {value.Hash} is not in the artifact store, so no record of it was written.", "Call again with the value itself.");
        }
        Span<byte> hash = stackalloc byte[HashBytes];
        if (Convert.FromHexString(value.Hash, hash, out _, out var written) != OperationStatus.Done || written != hash.Length)
            throw new KitaruUsageException($"'{Texts.Short(value.Hash)}' is not the SHA-256 of a value: expected 64 hex digits.");
        return Bind(value.MediaType).Bind(value.TypeName).Bind(value.SizeBytes).Bind((ReadOnlySpan<byte>)hash).Bind(value.Inline);
    }

    /// <summary>Steps to the next row; false at the end.</summary>
    public abstract bool Step();

    /// <summary>Runs to the end and says how many rows were changed.</summary>
    public abstract int Run();

    /// <summary>Runs without an answer, at the latest with the next statement or the commit: for a change whose count nobody asks for.</summary>
    public virtual void Post() => Run();

    public abstract bool IsNull();

    public abstract void Skip(int columns = 1);

    public abstract long Int64();

    public abstract bool Boolean();

    public abstract double? DoubleOrNull();

    /// <summary>What <see cref="BindScalar"/> binds.</summary>
    public abstract JsonNode? Scalar();

    public abstract Guid Id();

    /// <summary>Any character, NUL too: program output holds them.</summary>
    public abstract string Text();

    public abstract byte[] Bytes();

    public int Int32() => (int)Int64();

    public long? Int64OrNull() => IsNull() ? SkipNull<long?>() : Int64();

    public DateTimeOffset Time() => Instant.FromMicroseconds(Int64());

    public DateTimeOffset? TimeOrNull() => IsNull() ? SkipNull<DateTimeOffset?>() : Time();

    public Guid? IdOrNull() => IsNull() ? SkipNull<Guid?>() : Id();

    public string? TextOrNull() => IsNull() ? SkipNull<string>() : Text();

    public byte[]? BytesOrNull() => IsNull() ? SkipNull<byte[]>() : Bytes();

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
        return new StoredValue(mediaType, typeName, Convert.ToHexStringLower(Bytes()), size, BytesOrNull());
    }

    /// <summary>Ends its use.</summary>
    public abstract void Dispose();

    protected abstract bool HasLargeValue(string hash);

    protected T? SkipNull<T>()
    {
        Skip();
        return default;
    }
}
