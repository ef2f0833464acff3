using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>The options of a list that is read in pages, and the page they ask for.</summary>
internal sealed class Paging
{
    public Option<int?> Page { get; } = CommonOptions.Number("--page", "Which page, from 1.", 1, preset: 1);

    public Option<int?> Size { get; } = CommonOptions.Number("--size", "How many a page has.", 1, 1000, preset: 20);

    public int PageOf(CommandCall call) => call.Get(Page)!.Value;

    public int SizeOf(CommandCall call) => call.Get(Size)!.Value;

    /// <summary>The page of a whole list.</summary>
    public IReadOnlyList<T> Take<T>(CommandCall call, IReadOnlyList<T> all) => [.. all.Skip((int)Math.Min(int.MaxValue, (PageOf(call) - 1L) * SizeOf(call))).Take(SizeOf(call))];

    /// <summary>What to say below a page; null when it is all there is.</summary>
    public string? Note(CommandCall call, int shown, long total)
    {
        var (page, size) = (PageOf(call), SizeOf(call));
        var pages = Math.Max(1, (total + size - 1) / size);
        return shown == 0 && page > 1 ? $"no items on page {page}"
            : pages > 1 || page > 1 ? $"page {page} of {pages}, {total} in all{(page < pages ? $"; next: --page {page + 1}" : "")}"
            : null;
    }
}
