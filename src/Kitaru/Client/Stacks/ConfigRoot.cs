using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kitaru.Client.Stacks;

/// <summary>The keys at the root of a settings file, each with where its value begins.</summary>
/// <param name="Start">Where the mapping begins.</param>
/// <param name="IsFlow">Whether it is written in braces.</param>
/// <param name="Values">The first event of each value.</param>
internal sealed record ConfigRoot(int Start, bool IsFlow, IReadOnlyDictionary<string, ParsingEvent> Values)
{
    private const int DepthMax = 64;

    /// <summary>
    /// Null when the text has no content. It goes by the events, one after the other: a tree of nodes is made by recursion, which a deep nesting
    /// or an alias that stands in itself takes down the process with.
    /// </summary>
    /// <exception cref="YamlException">It is not YAML, or no mapping.</exception>
    public static ConfigRoot? Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        MappingStart? root = null;
        var values = new Dictionary<string, ParsingEvent>(StringComparer.Ordinal);
        string? key = null;
        var (documents, depth) = (0, 0);
        while (parser.MoveNext())
        {
            var at = parser.Current!;
            if (at is DocumentStart && ++documents > 1)
                throw NoMapping(at);
            var isNode = at is NodeEvent or AnchorAlias;
            if (isNode && depth == 0)
                root = at as MappingStart ?? (at is Scalar { Value: "" } ? null : throw NoMapping(at));
            else if (isNode && depth == 1 && key is null)
                key = (at as Scalar)?.Value ?? throw NoMapping(at);
            else if (isNode && depth == 1)
                key = values.TryAdd(key!, at) ? null : throw Error(at, $"the key '{key}' is there twice");
            depth += at is MappingStart or SequenceStart ? 1 : at is MappingEnd or SequenceEnd ? -1 : 0;
            if (depth > DepthMax)
                throw Error(at, $"it is nested deeper than {DepthMax} levels");
        }
        return root is null ? null : new ConfigRoot((int)root.Start.Index, root.Style == MappingStyle.Flow, values);
    }

    private static YamlException NoMapping(ParsingEvent at) => Error(at, "it must be one mapping of keys to values");

    private static YamlException Error(ParsingEvent at, string why) => new(at.Start, at.End, why);
}
