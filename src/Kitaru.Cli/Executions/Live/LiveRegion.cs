using System.Text;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Executions.Live;

/// <summary>
/// The lines at the bottom of a terminal that are drawn again and again, with ordinary lines scrolling by above them. It remembers how wide each line was: a terminal that was made
/// narrower meanwhile shows it on several rows.
/// </summary>
internal sealed class LiveRegion(CliHost host)
{
    private readonly Paint _paint = new(host.AllowsColor);
    private readonly StringBuilder _above = new();
    private List<int> _drawn = [];

    /// <summary>A line that stays; shown with the next drawing.</summary>
    public void Say(string line, Tone tone = Tone.Plain) => _above.Append(_paint.Of(Clean.Lines(line), tone)).Append('\n');

    /// <summary>Draws the lines in place of those before, each cut to the terminal's width.</summary>
    public async Task DrawAsync(IReadOnlyList<IReadOnlyList<Cell>> lines)
    {
        var room = Math.Max(1, host.Columns() - 1);
        var text = Erased();
        var drawn = new List<int>();
        foreach (var line in lines)
            drawn.Add(Append(text, line, room));
        _drawn = drawn;
        await WriteAsync(text);
    }

    /// <summary>Takes the lines away; what was said stays.</summary>
    public Task ClearAsync()
    {
        var text = Erased();
        _drawn = [];
        return WriteAsync(text);
    }

    /// <summary>Leaves the lines where they are; what comes next stands below.</summary>
    public void Leave() => _drawn = [];

    private StringBuilder Erased()
    {
        var columns = Math.Max(1, host.Columns());
        var rows = _drawn.Sum(width => Math.Max(1, (width + columns - 1) / columns));
        var text = new StringBuilder(rows > 0 ? $"\u001b[{rows}A\r\u001b[J" : "");
        text.Append(_above);
        _above.Clear();
        return text;
    }

    private int Append(StringBuilder text, IReadOnlyList<Cell> line, int room)
    {
        var width = 0;
        foreach (var cell in line)
        {
            var words = TextWidth.Cut(Clean.Line(cell.Text), room - width);
            text.Append(_paint.Of(words, cell.Tone));
            width += TextWidth.Of(words);
        }
        text.Append('\n');
        return width;
    }

    private async Task WriteAsync(StringBuilder text)
    {
        if (text.Length == 0)
            return;
        await host.Output.WriteAsync(text.ToString());
        await host.Output.FlushAsync();
    }
}
