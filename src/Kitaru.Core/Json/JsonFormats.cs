using System.Globalization;
using System.Text.RegularExpressions;

namespace Kitaru.Core.Json;

/// <summary>The formats that are checked; any other word passes.</summary>
internal static partial class JsonFormats
{
    public static bool Fits(string format, string text, out string example)
    {
        (var fits, example) = format switch
        {
            "date-time" => (IsDateTime(text), "2026-06-16T08:30:00Z"),
            "date" => (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), "2026-06-16"),
            "uuid" => (Guid.TryParseExact(text, "D", out _), "0199c0de-0000-7000-8000-000000000000"),
            "uri" => (IsUri(text), "https://example.org/a"),
            "email" => (IsEmail(text), "ada@example.org"),
            _ => (true, ""),
        };
        return fits;
    }

    private static bool IsDateTime(string text) =>
        text.Length <= 64 && DateTimeShape().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);

    private static bool IsUri(string text) => SchemeShape().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && at < text.Length - 1 && text.Length <= 254
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && !text[(at + 1)..].StartsWith('.') && !text.EndsWith('.');
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex DateTimeShape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:", RegexOptions.CultureInvariant, 200)]
    private static partial Regex SchemeShape();
}
