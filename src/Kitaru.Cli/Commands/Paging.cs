using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>The options of a list that is read in pages, and the page they ask for.</summary>
/// <param name="isAsked">Whether all is shown when neither option is given.</param>
internal sealed class Paging(bool isAsked = false)
{
    private const int SizePreset = 20;

    public Option<int?> Page { get; } = CommonOptions.Number("--page", isAsked ? "Which page, from 1; all without this and --size." : "Which page, from 1.", 1, preset: isAsked ? null : 1);

    public Option<int?> Size { get; } = CommonOptions.Number("--size", "How many a page has.", 1, 1000, preset: isAsked ? null : SizePreset);

    /// <summary>Whether a page is to be shown.</summary>
    public bool IsOn(CommandCall call) => !isAsked || call.IsGiven(Page) || call.IsGiven(Size);

    public int PageOf(CommandCall call) => call.Get(Page) ?? 1;

    public int SizeOf(CommandCall call) => call.Get(Size) ?? SizePreset;

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
