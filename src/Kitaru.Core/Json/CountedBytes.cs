using System.Buffers;

namespace Kitaru.Core.Json;

/// <summary>Takes bytes that only are to be counted by who writes them: each piece overwrites the one before.</summary>
internal sealed class CountedBytes : IBufferWriter<byte>, IDisposable
{
    private const int PieceBytes = 4096;

    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);

    public void Advance(int count)
    {
        // Whoever writes counts.
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _piece.Length)
        {
            ArrayPool<byte>.Shared.Return(_piece);
            _piece = ArrayPool<byte>.Shared.Rent(sizeHint);
        }
        return _piece;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece);
}
