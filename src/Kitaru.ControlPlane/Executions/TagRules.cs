using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>What a label is, and how many an execution may carry.</summary>
public static class TagRules
{
    /// <summary>How many labels one execution carries.</summary>
    public const int TagsMax = 64;

    /// <summary>How long a label is.</summary>
    public const int CharsMax = 128;

    /// <summary>The labels, each once.</summary>
    /// <exception cref="KitaruUsageException">One is no label, or there are too many.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> tags)
    {
        foreach (var tag in tags)
        {
            if (string.IsNullOrWhiteSpace(tag) || tag.Length > CharsMax || tag.Any(char.IsControl))
            {
                throw new KitaruUsageException(
                    $"'{Texts.Short(tag ?? "null")}' is not a tag: expected 1 to {CharsMax} characters that are not all blanks and no control characters; it has {tag?.Length ?? 0}.",
                    "Use a short label such as nightly or customer:acme.");
            }
        }
        IReadOnlyList<string> distinct = [.. tags.Distinct(StringComparer.Ordinal)];
        return distinct.Count <= TagsMax ? distinct : throw TooMany(distinct.Count);
    }

    internal static KitaruUsageException TooMany(int count) => new(
        $"An execution carries at most {TagsMax} tags; it would be {count}.", "Remove tags that are no longer needed, or put the facts into metadata.");
}
