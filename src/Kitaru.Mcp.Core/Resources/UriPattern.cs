namespace Kitaru.Mcp.Resources;

/// <summary>A template of addresses (RFC 6570): variables that are whole segments, and one query of names.</summary>
internal sealed class UriPattern
{
    private readonly string[] _segments;

    public UriPattern(string text)
    {
        Text = text;
        var parts = text[ResourceAddress.Scheme.Length..].Split("{?", 2);
        _segments = parts[0].Split('/');
        Query = parts.Length == 2 ? parts[1].TrimEnd('}').Split(',') : [];
    }

    public string Text { get; }

    /// <summary>Names that may stand in the query.</summary>
    public IReadOnlyList<string> Query { get; }

    /// <summary>The variables of the path by name, or null when the address is none of these.</summary>
    public Dictionary<string, string>? Match(ResourceAddress address)
    {
        if (address.Segments.Count != _segments.Length)
            return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < _segments.Length; i++)
        {
            var given = address.Segments[i];
            if (_segments[i] is ['{', .. var name, '}'])
            {
                if (given.Length == 0)
                    return null;
                values[name] = given;
            }
            else if (given != _segments[i])
            {
                return null;
            }
        }
        return values;
    }
}
