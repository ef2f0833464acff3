using System.Globalization;
using System.Text;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Output;

/// <summary>Text blocks as text: plain and complete for a file or a pipe; framed, coloured and cut to the width for a terminal.</summary>
internal sealed class TextRenderer(CliHost host)
{
    private const string Indent = "  ";

    private readonly bool _isTerminal = host.IsOutputTerminal;
    private readonly Paint _paint = new(host.IsOutputTerminal && host.AllowsColor);
    private readonly DateTimeOffset _now = host.Time.GetUtcNow();

    public string Render(IReadOnlyList<TextBlock> blocks)
    {
        var text = new StringBuilder();
        foreach (var block in blocks)
        {
            if (text.Length > 0)
                text.Append('\n');
            switch (block)
            {
                case Snapshot snapshot:
                    Add(text, snapshot);
                    break;
                case Table table:
                    Add(text, table);
                    break;
                case Success success:
                    Add(text, success);
                    break;
                case PlainText plain:
                    text.Append(Clean.Lines(plain.Text)).Append('\n');
                    break;
            }
        }
        return text.ToString();
    }

    private void Add(StringBuilder text, Success success)
    {
        text.Append(_paint.Of(Clean.Line(success.Line), Tone.Good)).Append('\n');
        foreach (var detail in success.Details)
            text.Append(Indent).Append(Clean.Line(detail)).Append('\n');
    }

    private void Add(StringBuilder text, Snapshot snapshot)
    {
        List<string> lines = [.. Rows(snapshot.Rows)];
        foreach (var section in snapshot.Sections.Where(section => section.Rows.Any(row => row.Value is not null)))
            lines.AddRange(["", _paint.Of(Clean.Line(section.Heading), Tone.Strong), .. Rows(section.Rows)]);
        if (snapshot.Warnings.Count > 0 && lines.Count > 0)
            lines.Add("");
        lines.AddRange(snapshot.Warnings.Select(warning => $"{_paint.Of("Warning:", Tone.Asking)} {CliWords.Of(Clean.Line(warning))}"));
        if (_isTerminal)
        {
            Frame.Add(text, Clean.Line(snapshot.Title), lines, host.Columns(), _paint);
            return;
        }
        text.Append(Clean.Line(snapshot.Title)).Append('\n');
        foreach (var line in lines)
            text.Append(line).Append('\n');
    }

    private IEnumerable<string> Rows(IEnumerable<Snapshot.Row> rows) =>
        from row in rows
        where row.Value is not null
        select $"{(_isTerminal ? "" : Indent)}{_paint.Of($"{row.Label}:", Tone.Muted)} {_paint.Of(Value(row.Value!), row.Value!.Tone)}";

    private string Value(Cell cell) => cell.Moment is { } moment ? Moment(moment) : cell.IsTime ? "not available" : Clean.Line(cell.Text);

    private string Moment(DateTimeOffset moment)
    {
        var text = moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
        return _isTerminal ? $"{text} ({RelativeTime.Of(moment, _now)})" : text;
    }

    private void Add(StringBuilder text, Table table)
    {
        if (table.Rows.Count == 0)
        {
            Add(text, new Snapshot(table.Title, (table.Title[(table.Title.LastIndexOf(' ') + 1)..], table.Note ?? "none found")));
            return;
        }
        text.Append(_paint.Of(Clean.Line(table.Title), Tone.Strong)).Append('\n');
        var cells = table.Rows.Select(row => row.Select(Shown).ToArray()).ToList();
        var widths = TableWidths.Fit(table, cells, _isTerminal ? host.Columns() : int.MaxValue);
        Line(table.Columns.Select(column => new Cell(column, Tone.Strong)), table.Columns);
        Line(widths.Select(width => new Cell(new string('-', width), Tone.Muted)), [.. widths.Select(width => new string('-', width))]);
        for (var i = 0; i < cells.Count; i++)
            Line(table.Rows[i], cells[i]);
        if (table.Note is not null)
            text.Append('\n').Append(Indent).Append(_paint.Of(table.Note, Tone.Muted)).Append('\n');

        void Line(IEnumerable<Cell> row, IReadOnlyList<string> words)
        {
            var line = new StringBuilder(Indent);
            foreach (var (cell, column) in row.Select((cell, column) => (cell, column)))
            {
                var word = words[column].Length > widths[column] ? words[column][..Math.Max(0, widths[column] - 1)] + "…" : words[column];
                line.Append(column == 0 ? "" : TableWidths.Gap).Append(_paint.Of(word, cell.Tone)).Append(' ', column == widths.Length - 1 ? 0 : widths[column] - word.Length);
            }
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }

    private string Shown(Cell cell) => cell.Moment is not { } moment ? Clean.Line(cell.Text)
        : _isTerminal ? RelativeTime.Of(moment, _now)
        : moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
