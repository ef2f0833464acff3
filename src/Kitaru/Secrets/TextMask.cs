using System.Buffers;
using System.Text;

namespace Kitaru.Secrets;

/// <summary>Replaces every occurrence of certain texts; occurrences that overlap go together, so that no end of one is left.</summary>
internal sealed class TextMask
{
    public const string Replacement = "***";

    /// <summary>Texts are looked for by their beginnings: what finds whole ones takes memory by the length of all of them.</summary>
    private const int BeginningChars = 12;

    private readonly SearchValues<string> _search;
    private readonly Dictionary<char, (string Text, string Owner)[]> _byFirst;

    /// <param name="texts">The texts, each with the name of whom it belongs to.</param>
    public TextMask(IEnumerable<(string Text, string Owner)> texts)
    {
        var all = texts.DistinctBy(text => text.Text, StringComparer.Ordinal).ToArray();
        _search = SearchValues.Create([.. all.Select(text => text.Text[..Math.Min(BeginningChars, text.Text.Length)]).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
        _byFirst = all.GroupBy(text => text.Text[0]).ToDictionary(group => group.Key, group => group.OrderByDescending(text => text.Text.Length).ToArray());
        LongestChars = all.Max(text => text.Text.Length);
    }

    public int LongestChars { get; }

    /// <summary>The same instance when nothing was found.</summary>
    public string Apply(string text, ISet<string>? owners = null)
    {
        var start = Next(text, 0);
        if (start < 0)
            return text;
        var result = new StringBuilder(text.Length);
        var done = 0;
        while (start >= 0)
        {
            var end = EndOf(text, start, owners);
            result.Append(text, done, start - done).Append(Replacement);
            done = end;
            start = Next(text, end);
        }
        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>A place at or before <paramref name="index"/> that is inside of no occurrence.</summary>
    public int CutBefore(string text, int index)
    {
        for (var start = Next(text, 0); start >= 0 && start < index;)
        {
            var end = EndOf(text, start, owners: null);
            if (end > index)
                return start;
            start = Next(text, end);
        }
        return index;
    }

    private int EndOf(string text, int start, ISet<string>? owners)
    {
        var end = start + LengthAt(text, start, owners);
        for (var next = Next(text, start + 1); next >= 0 && next < end; next = Next(text, next + 1))
            end = Math.Max(end, next + LengthAt(text, next, owners));
        return end;
    }

    private int LengthAt(string text, int index, ISet<string>? owners)
    {
        foreach (var (known, owner) in _byFirst[text[index]])
        {
            if (string.CompareOrdinal(text, index, known, 0, known.Length) != 0)
                continue;
            owners?.Add(owner);
            return known.Length;
        }
        return 0;
    }

    private int Next(string text, int from)
    {
        while (from < text.Length && text.AsSpan(from).IndexOfAny(_search) is var found and >= 0)
        {
            from += found;
            if (LengthAt(text, from, owners: null) > 0)
                return from;
            from++;
        }
        return -1;
    }
}
