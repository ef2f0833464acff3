using Kitaru.Core;

namespace Kitaru.Testing;

/// <summary>Ids that follow from a seed.</summary>
internal sealed class SeededIds(Random chance, TimeProvider time) : IdFactory(time)
{
    private readonly TimeProvider _time = time;

    public override Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (_time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | 0x7000 | (uint)chance.Next(0x1000));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public override long NewSeed() => chance.NextInt64();
}
