namespace Kitaru.CliTests.Keys;

/// <summary>Keys of what commands answer, copied by hand from the contract. Ours, which come on top, stand behind a plus.</summary>
internal static class Contract
{
    public const string SecretSummary = "id name visibility keys keys_known has_missing_values";
    public const string SecretShown = SecretSummary + " values";

    /// <summary>The keys that an item must have, and those it may have.</summary>
    public static (IReadOnlySet<string> Must, IReadOnlySet<string> May) Read(string keys)
    {
        var words = keys.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var must = words.Where(word => word[0] is not ('+' or '?')).ToHashSet();
        return (must, must.Union(words.Where(word => word[0] is '+' or '?').Select(word => word[1..])).ToHashSet());
    }
}
