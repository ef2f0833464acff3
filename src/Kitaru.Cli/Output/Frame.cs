using System.Text;
using System.Text.RegularExpressions;

namespace Kitaru.Cli.Output;

/// <summary>Lines in a box with a title, no wider than the terminal; longer lines are folded.</summary>
internal static partial class Frame
{
    private const int LeastWidth = 30;
    private const int Border = 4;

    public static void Add(StringBuilder text, string title, IReadOnlyList<string> lines, int columns, Paint paint)
    {
        var room = Math.Max(LeastWidth, columns) - Border;
        List<string> folded = [.. lines.SelectMany(line => Fold(line, room))];
        var width = Math.Max(title.Length + 2, folded.Select(Width).DefaultIfEmpty(0).Max());
        text.Append(paint.Of("╭─ ", Tone.Muted)).Append(paint.Of(title, Tone.Strong)).Append(paint.Of($" {new string('─', Math.Max(0, width - title.Length - 1))}╮", Tone.Muted)).Append('\n');
        foreach (var line in folded)
            text.Append(paint.Of("│", Tone.Muted)).Append(' ').Append(line).Append(' ', width - Width(line)).Append(' ').Append(paint.Of("│", Tone.Muted)).Append('\n');
        text.Append(paint.Of($"╰{new string('─', width + 2)}╯", Tone.Muted)).Append('\n');
    }

    /// <summary>Characters that take room; colours take none.</summary>
    private static int Width(string line) => Colors().Replace(line, "").Length;

    private static IEnumerable<string> Fold(string line, int room)
    {
        if (Width(line) <= room)
        {
            yield return line;
            yield break;
        }
        // A folded line loses its colours: they may not run over into the frame.
        var rest = Colors().Replace(line, "");
        for (var isFirst = true; rest.Length > 0; isFirst = false)
        {
            var indent = isFirst ? "" : "  ";
            var take = Math.Min(rest.Length, room - indent.Length);
            if (take < rest.Length && rest.LastIndexOf(' ', take) is var space && space > take / 2)
                take = space;
            yield return indent + rest[..take];
            rest = rest[take..].TrimStart();
        }
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colors();
}
