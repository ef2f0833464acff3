using System.Buffers.Binary;
using System.Buffers.Text;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Where the next page starts, opaque to clients: a version byte, the creation time and the id of the last row.</summary>
internal static class PageCursor
{
    private const byte Version = 1;
    private const int SizeBytes = 25;
    private const int CharsMax = 64;
    private const long TicksMax = 3155378975999999999;

    public static string Of(PageStart start)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], start.CreatedAt.UtcTicks);
        start.Id.Value.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static PageStart? Parse(string? cursor)
    {
        if (cursor is null)
            return null;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (!TryDecode(cursor, bytes) || bytes[0] != Version || BinaryPrimitives.ReadInt64BigEndian(bytes[1..]) is < 0 or > TicksMax)
        {
            throw new KitaruUsageException(
                $"'{Texts.Short(cursor, 80)}' is not a cursor of this list.", "Pass next_cursor of the page before as it was, or leave cursor out.");
        }
        return new PageStart(
            new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), TimeSpan.Zero),
            new ExecutionId(new Guid(bytes[9..], bigEndian: true)));
    }

    private static bool TryDecode(string cursor, Span<byte> bytes)
    {
        try
        {
            return cursor.Length <= CharsMax && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == SizeBytes;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
