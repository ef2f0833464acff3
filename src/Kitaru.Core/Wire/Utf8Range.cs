using System.Text;

namespace Kitaru.Core.Wire;

/// <summary>A range of bytes as text, cut where characters begin and end.</summary>
internal static class Utf8Range
{
    /// <summary>The text, and how many bytes were left out at either end because their character is not whole.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, out int skipped, out int cut)
    {
        skipped = 0;
        while (skipped < Math.Min(3, bytes.Length) && IsContinuation(bytes[skipped]))
            skipped++;
        cut = 0;
        for (var back = 1; back <= Math.Min(3, bytes.Length - skipped); back++)
        {
            var b = bytes[^back];
            if (IsContinuation(b))
                continue;
            if (SequenceLength(b) > back)
                cut = back;
            break;
        }
        return Encoding.UTF8.GetString(bytes[skipped..^cut]);
    }

    private static bool IsContinuation(byte b) => (b & 0xC0) == 0x80;

    private static int SequenceLength(byte b) => b switch
    {
        >= 0xF0 => 4,
        >= 0xE0 => 3,
        >= 0xC0 => 2,
        _ => 1,
    };
}
