namespace Kitaru.Core;

/// <summary>An order in the contract's words: a field, with a leading <c>-</c> for descending.</summary>
/// <param name="Field">What is compared.</param>
/// <param name="Descending">Largest or newest first.</param>
public readonly record struct CohortOrder(CohortField Field, bool Descending)
{
    /// <summary>started_at, duration, display_cost_usd, total_tokens.</summary>
    public static IReadOnlyList<string> Words { get; } = ["started_at", "duration", "display_cost_usd", "total_tokens"];

    /// <summary>Reads <c>-display_cost_usd</c> and the like.</summary>
    /// <exception cref="KitaruUsageException">It is none of them.</exception>
    public static CohortOrder Parse(string text)
    {
        var clean = text.Trim();
        var descending = clean.StartsWith('-');
        var word = descending ? clean[1..] : clean;
        for (var i = 0; i < Words.Count; i++)
        {
            if (Words[i] == word)
                return new CohortOrder((CohortField)i, descending);
        }
        throw new KitaruUsageException(
            $"order_by '{Texts.Short(text, 80)}' is not an order: expected {string.Join(", ", Words)}, each with a leading '-' for descending.{Texts.DidYouMean(word, Words)}",
            "Call again with order_by=-started_at.");
    }

    /// <inheritdoc/>
    public override string ToString() => (Descending ? "-" : "") + Words[(int)Field];
}
