using System.Globalization;
using Kitaru.Core;
using Kitaru.Mcp.Hosting;

namespace Kitaru.Mcp.Resources;

/// <summary>One look at a resource.</summary>
/// <param name="Address">Which.</param>
/// <param name="Values">The variables of its path.</param>
/// <param name="Backend">Kitaru.</param>
internal sealed record ResourceCall(ResourceAddress Address, IReadOnlyDictionary<string, string> Values, Backend Backend)
{
    public string Value(string name) => Values[name];

    public ExecutionId ExecutionId => Kitaru.ExecutionId.Parse(Value("exec_id"));

    public string? QueryOrNull(string name) => Address.Query.TryGetValue(name, out var text) && text.Length > 0 ? text : null;

    /// <exception cref="KitaruUsageException">It is none of them.</exception>
    public string? WordOrNull(string name, IReadOnlyList<string> words) => QueryOrNull(name) is not { } word || words.Contains(word)
        ? QueryOrNull(name)
        : throw new KitaruUsageException($"'{name}' in the uri must be one of {string.Join(", ", words)}; it is '{Texts.Short(word, 80)}'.{Texts.DidYouMean(word, words)}");

    public long? NumberOrNull(string name, long least, long most) => QueryOrNull(name) is { } text ? Number(name, text, least, most) : null;

    /// <exception cref="KitaruUsageException">It is no such number.</exception>
    public static long Number(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new KitaruUsageException($"'{name}' in the uri must be a whole number from {least} to {most}; it is '{Texts.Short(text, 80)}'.");
}
