using System.Text.RegularExpressions;

namespace Kitaru.CliTests.Terminal;

/// <summary>A screen with what differs from run to run in one form: ids and times as wide as they were, the rest cut.</summary>
internal static partial class Screen
{
    private const string AnyId = "00000000-0000-7000-8000-000000000000";

    public static string Normalised(string screen, string folder)
    {
        var text = Ids().Replace(screen, AnyId);
        text = Times().Replace(text, "2026-01-01${1}00:00:00");
        text = Ago().Replace(text, "(# ago)");
        text = Seconds().Replace(text, "#.#s");
        text = Spinner().Replace(text, "*");
        text = text.Replace(folder, "/work", StringComparison.Ordinal);
        // The frame is as wide as its longest line, which has such a time.
        text = FrameEnd().Replace(text, " │");
        return FrameLine().Replace(text, "─");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d")]
    private static partial Regex Times();

    [GeneratedRegex(@"\((now|\d+ (second|minute)s? ago)\)")]
    private static partial Regex Ago();

    [GeneratedRegex(@"(\d+\.\d+s|\d+m \d\ds)")]
    private static partial Regex Seconds();

    [GeneratedRegex("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")]
    private static partial Regex Spinner();

    [GeneratedRegex(" +│(?=\n)")]
    private static partial Regex FrameEnd();

    [GeneratedRegex("─+")]
    private static partial Regex FrameLine();
}
