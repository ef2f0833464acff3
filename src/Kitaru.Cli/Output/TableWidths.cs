namespace Kitaru.Cli.Output;

/// <summary>How wide a table's columns are: as wide as their content, and the widest cut until all fit. Ids are cut last.</summary>
internal static class TableWidths
{
    public const string Gap = "   ";

    private const int IndentWidth = 2;
    private const int LeastWidth = 4;

    public static int[] Fit(Table table, IReadOnlyList<string[]> cells, int columns)
    {
        var widths = table.Columns.Select((name, column) => Math.Max(name.Length, cells.Max(row => row[column].Length))).ToArray();
        var isWhole = table.Columns.Select((_, column) => table.Rows.Any(row => row[column].IsWhole)).ToArray();
        if (columns == int.MaxValue)
            return widths;
        var room = columns - IndentWidth - (Gap.Length * (widths.Length - 1));
        foreach (var cutsIds in new[] { false, true })
        {
            while (widths.Sum() > room && Widest(cutsIds) is var column and >= 0)
                widths[column]--;
        }
        return widths;

        int Widest(bool cutsIds)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if ((cutsIds || !isWhole[i]) && widths[i] > LeastWidth && (widest < 0 || widths[i] > widths[widest]))
                    widest = i;
            }
            return widest;
        }
    }
}
