namespace Kitaru.Cli.Output;

/// <summary>A piece of an answer for people.</summary>
internal abstract record TextBlock;

/// <summary>One thing: a title, then its values by label; in a frame on a terminal.</summary>
internal sealed record Snapshot(string Title, params Snapshot.Row[] Rows) : TextBlock
{
    /// <summary>Parts with a heading of their own; one without rows is left out.</summary>
    public IReadOnlyList<Section> Sections { get; init; } = [];

    /// <summary>What does not work, one line each; at the end.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A row whose value is null is left out.</summary>
    internal sealed record Row(string Label, Cell? Value)
    {
        public static implicit operator Row((string Label, string? Value) pair) => new(pair.Label, pair.Value is null ? null : new Cell(pair.Value));

        public static implicit operator Row((string Label, Cell? Value) pair) => new(pair.Label, pair.Value);
    }

    internal sealed record Section(string Heading, params Row[] Rows);
}

/// <summary>Many things alike. The columns are cut to the terminal's width.</summary>
internal sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : TextBlock
{
    /// <summary>Said below, such as which page it is.</summary>
    public string? Note { get; init; }
}

/// <summary>Something was done: one line, and details under it.</summary>
internal sealed record Success(string Line, params string[] Details) : TextBlock;

/// <summary>Text as it is, without control characters.</summary>
internal sealed record PlainText(string Text) : TextBlock;
