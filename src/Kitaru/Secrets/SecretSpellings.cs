using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace Kitaru.Secrets;

/// <summary>The ways in which a value shows up in text: as it is, escaped for JSON or a URL, in base64, and its lines one by one.</summary>
internal static class SecretSpellings
{
    /// <summary>Shorter values stand in too many other words.</summary>
    public const int ValueCharsMin = 4;

    private const int LineCharsMin = 8;

    /// <summary>Below this, a piece of base64 without its ends stands in too many other texts.</summary>
    private const int BytesWithinMin = 8;

    public static IEnumerable<string> Of(string value) => Parts(value).SelectMany(Spell).Where(text => text.Length >= ValueCharsMin).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Parts(string value)
    {
        if (value.Length < ValueCharsMin)
            yield break;
        yield return value;
        // A value from a file ends with a line break that its users drop.
        if (value.Trim() is { Length: >= ValueCharsMin } trimmed && trimmed.Length < value.Length)
            yield return trimmed;
        if (!value.Contains('\n'))
            yield break;
        foreach (var line in value.Split('\n').Select(line => line.Trim()).Where(line => line.Length >= LineCharsMin))
            yield return line;
    }

    private static IEnumerable<string> Spell(string text)
    {
        yield return text;
        foreach (var encoder in (JavaScriptEncoder[])[JavaScriptEncoder.UnsafeRelaxedJsonEscaping, JavaScriptEncoder.Default])
        {
            var escaped = encoder.Encode(text);
            yield return escaped;
            yield return LowerHex(escaped, "\\u", 4);
            // What most other writers of JSON make of a quote.
            yield return escaped.Replace("\\u0022", "\\\"", StringComparison.Ordinal);
        }
        foreach (var escaped in (string[])[Uri.EscapeDataString(text), WebUtility.UrlEncode(text)])
        {
            yield return escaped;
            yield return LowerHex(escaped, "%", 2);
        }
        foreach (var encoded in Base64(Encoding.UTF8.GetBytes(text)))
        {
            yield return encoded;
            yield return encoded.Replace('+', '-').Replace('/', '_');
        }
    }

    /// <summary>By itself, and within a longer text that begins zero, one or two bytes before it: without the digits its neighbours have a part in.</summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        var whole = Convert.ToBase64String(bytes);
        yield return whole;
        yield return whole.TrimEnd('=');
        if (bytes.Length < BytesWithinMin)
            yield break;
        for (var before = 0; before < 3; before++)
        {
            var shifted = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var from = (before * 8 + 5) / 6;
            var to = (before + bytes.Length) * 8 / 6;
            yield return shifted[from..to];
        }
    }

    private static string LowerHex(string text, string mark, int digits)
    {
        var result = new StringBuilder(text);
        for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, at + mark.Length, StringComparison.Ordinal))
        {
            for (var i = at + mark.Length; i < Math.Min(text.Length, at + mark.Length + digits); i++)
                result[i] = char.ToLowerInvariant(text[i]);
        }
        return result.ToString();
    }
}
