using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kitaru.Mcp.Untrusted;

/// <summary>
/// Text blocks without what a terminal or a reader would act on instead of show: control characters (so also ANSI escapes), marks that turn the direction of writing, and the invisible
/// characters that text is hidden in ("tags", variation selectors, joiners that join nothing). They are shown as JSON escapes, so that JSON stays the same JSON; structured content keeps the value.
/// </summary>
internal static class PlainText
{
    private const int TagsFirst = 0xE0000;
    private const int TagsLast = 0xE007F;

    private static readonly SearchValues<char> Common = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(unit => (char)unit), '\n', '\t']);

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Common) || IsPlain(text))
            return text;
        var plain = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf16(units);
            if (IsPlain(rune))
            {
                plain.Append(units[..length]);
                continue;
            }
            foreach (var unit in units[..length])
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
        // A line may end as Windows has it.
        return plain.Replace("\\u000d\n", "\r\n").ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsPlain(rune))
                return false;
        }
        return true;
    }

    private static bool IsPlain(Rune rune) => rune.Value switch
    {
        '\n' or '\t' => true,
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x200E or 0x200F or 0x061C => false,
        0x200B or 0x2028 or 0x2029 or >= 0x2060 and <= 0x2064 or 0xFEFF or >= 0xE0100 and <= 0xE01EF => false,
        >= TagsFirst and <= TagsLast => false,
        _ => !Rune.IsControl(rune),
    };
}
