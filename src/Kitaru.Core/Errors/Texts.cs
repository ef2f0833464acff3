namespace Kitaru.Core;

/// <summary>Small pieces of every good error message.</summary>
public static class Texts
{
    /// <summary>Quotes hostile text safely: at most <paramref name="charsMax"/> characters, control characters shown as '?'.</summary>
    public static string Short(string text, int charsMax = 200)
    {
        var clean = string.Create(Math.Min(text.Length, charsMax), text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
        return text.Length > charsMax ? clean + "…" : clean;
    }

    /// <summary>The first <paramref name="charsMax"/> characters, with how many were left out.</summary>
    public static string Clip(string text, int charsMax) =>
        text.Length <= charsMax ? text : $"{text[..charsMax]}… ({text.Length - charsMax} more characters)";

    /// <summary>The candidate nearest to <paramref name="text"/>, or null when none is near enough to be a typing error.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = Math.Max(2, text.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(text, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>", did you mean 'x'?" or an empty string.</summary>
    public static string DidYouMean(string text, IEnumerable<string> candidates) =>
        Nearest(text, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private static int Distance(string left, string right)
    {
        if (left.Length > 256 || right.Length > 256)
            return int.MaxValue;
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }
            (previous, current) = (current, previous);
        }
        return previous[right.Length];
    }
}
