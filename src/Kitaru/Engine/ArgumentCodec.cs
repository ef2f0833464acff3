using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Engine;

/// <summary>A call's arguments as JSON, for the divergence report, and as a keyed hash, which a re-run is checked against.</summary>
internal sealed class ArgumentCodec
{
    /// <summary>Larger arguments are only hashed.</summary>
    private const int RecordedBytesMax = 2048;

    private readonly byte[] _key;

    public ArgumentCodec(ExecutionId id, long seed)
    {
        // Keyed, so that a guessable argument cannot be read back from its hash in another place.
        Span<byte> input = stackalloc byte[24];
        id.Value.TryWriteBytes(input);
        BitConverter.TryWriteBytes(input[16..], seed);
        _key = SHA256.HashData(input);
    }

    /// <param name="names">The parameters' names.</param>
    /// <param name="arguments">Their values.</param>
    /// <param name="fingerprinted">What every run masks at this call, so that all have the same fingerprint.</param>
    /// <param name="shown">What this process masks in what is recorded.</param>
    /// <param name="cacheScope">What the arguments are to be unique within, when the result may be reused; else null.</param>
    public EncodedArguments Encode(string[] names, object?[] arguments, SecretMask? fingerprinted = null, SecretMask? shown = null, byte[]? cacheScope = null)
    {
        var isComplete = true;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = ValueCodec.Json.Encoder }))
        {
            writer.WriteStartObject();
            for (var i = 0; i < arguments.Length; i++)
            {
                writer.WritePropertyName(i < names.Length ? names[i] : $"arg{i}");
                isComplete &= TryWrite(writer, arguments[i]);
            }
            writer.WriteEndObject();
        }
        if (shown is not null)
            return EncodeMasked(buffer.WrittenSpan.ToArray(), fingerprinted, shown, arguments.Length > 0, isComplete ? cacheScope : null);
        var hash = HMACSHA256.HashData(_key, buffer.WrittenSpan);
        var fingerprint = hash[..16];
        var recorded = arguments.Length > 0 && buffer.WrittenCount <= RecordedBytesMax
            ? new StoredValue(StoredValue.Json, "arguments", "", buffer.WrittenCount, buffer.WrittenSpan.ToArray())
            : null;
        // What cannot be written is not compared either, so nobody can tell whether a result fits it.
        var cacheKey = cacheScope is not null && isComplete ? HMACSHA256.HashData(cacheScope, buffer.WrittenSpan) : null;
        return new EncodedArguments(fingerprint, recorded, cacheKey);
    }

    private EncodedArguments EncodeMasked(byte[] json, SecretMask? fingerprinted, SecretMask shown, bool hasAny, byte[]? cacheScope)
    {
        var fingerprint = HMACSHA256.HashData(_key, fingerprinted?.ApplyToJson(json) ?? json)[..16];
        var masked = shown.ApplyToJson(json);
        var recorded = hasAny && masked.Length <= RecordedBytesMax ? new StoredValue(StoredValue.Json, "arguments", "", masked.Length, masked) : null;
        // A call that is given a secret is not reused: the secret may be another one next time.
        var cacheKey = cacheScope is not null && masked.AsSpan().SequenceEqual(json) ? HMACSHA256.HashData(cacheScope, json) : null;
        return new EncodedArguments(fingerprint, recorded, cacheKey);
    }

    /// <summary>False when only the argument's type was written.</summary>
    private static bool TryWrite(Utf8JsonWriter writer, object? argument)
    {
        if (argument is null)
        {
            writer.WriteNullValue();
            return true;
        }
        if (IsOpaque(argument))
        {
            writer.WriteStringValue($"({argument.GetType().Name})");
            // What these hold decides over the result, and nobody sees it.
            return argument is not (Delegate or Stream or TextReader or Task);
        }
        try
        {
            // Serialized on the side first: a type that fails half-way must not leave half an argument behind.
            writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(argument, argument.GetType(), ValueCodec.Json), skipInputValidation: true);
            return true;
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            writer.WriteStringValue($"({argument.GetType().Name})");
            return false;
        }
    }

    /// <summary>Services and handles that are the same thing on every run, whatever their state.</summary>
    private static bool IsOpaque(object argument) =>
        argument is Delegate or Stream or Type or IServiceProvider or Task or CancellationToken or TextWriter or TextReader
            or Microsoft.Extensions.Logging.ILogger or HttpMessageInvoker;
}
