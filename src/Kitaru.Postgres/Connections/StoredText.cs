namespace Kitaru.Postgres;

/// <summary>
/// PostgreSQL's text holds any character but NUL. NUL is written as U+10FFFF, which is no character, and a zero; that one itself as itself and a one. So
/// every text comes back as it was, and two that differ differ in the database too. Half a surrogate pair is no text anywhere and becomes U+FFFD.
/// </summary>
internal static class StoredText
{
    private const string Escape = "\U0010FFFF";
    private const char EscapeStart = '\uDBFF';

    public static string Write(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0'))
            return text;
        if (HasHalfPair(text))
            text = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        return text.Replace(Escape, Escape + "1", StringComparison.Ordinal).Replace("\0", Escape + "0", StringComparison.Ordinal);
    }

    public static string Read(string text) => text.Contains(EscapeStart)
        ? text.Replace(Escape + "0", "\0", StringComparison.Ordinal).Replace(Escape + "1", Escape, StringComparison.Ordinal)
        : text;

    private static bool HasHalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }
        return false;
    }
}
