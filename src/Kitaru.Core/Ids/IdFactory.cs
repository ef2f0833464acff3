using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kitaru.Core;

/// <summary>The one source of new ids and seeds, so that a simulation can own both.</summary>
public class IdFactory(TimeProvider time)
{
    /// <summary>A fresh UUIDv7.</summary>
    public virtual Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>A fresh seed for an execution's recorded random numbers.</summary>
    public virtual long NewSeed() => RandomNumberGenerator.GetInt32(int.MaxValue) * 2654435761L ^ RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>
    /// The id that belongs to <paramref name="name"/> within an execution: the execution's own timestamp with hashed
    /// random bits, a valid UUIDv7. A unique index on it makes a second record of the same call impossible.
    /// </summary>
    public static Guid Derive(ExecutionId execution, string name)
    {
        Span<byte> bytes = stackalloc byte[16];
        execution.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var nameBytes = Encoding.UTF8.GetBytes(name);
        Span<byte> seed = nameBytes.Length <= 256 ? stackalloc byte[16 + nameBytes.Length] : new byte[16 + nameBytes.Length];
        bytes.CopyTo(seed);
        nameBytes.CopyTo(seed[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(seed, hash);
        hash[..10].CopyTo(bytes[6..]);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The <paramref name="ordinal"/>-th recorded UUIDv7 of an execution that was seeded with <paramref name="seed"/>.</summary>
    public static Guid DeriveRandom(long seed, long ordinal, DateTimeOffset timestamp)
    {
        Span<byte> input = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(input, seed);
        BinaryPrimitives.WriteInt64BigEndian(input[8..], ordinal);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, timestamp.ToUnixTimeMilliseconds() << 16);
        hash[..10].CopyTo(bytes[6..]);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
