using Kitaru.Core;

namespace Kitaru.Mcp.Resources;

/// <summary>An address a client asks for, taken apart; whatever it says is text until it was checked.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Segments">What stands between slashes, decoded.</param>
/// <param name="Query">What stands behind the question mark, decoded.</param>
internal sealed record ResourceAddress(string Text, IReadOnlyList<string> Segments, IReadOnlyDictionary<string, string> Query)
{
    public const string Scheme = "kitaru://";
    private const int CharsMax = 4096;

    /// <exception cref="KitaruUsageException">It is no address, or too long.</exception>
    /// <exception cref="KitaruNotFoundException">It is nobody's here.</exception>
    public static ResourceAddress Parse(string? text)
    {
        text ??= "";
        if (text.Length > CharsMax)
            throw new KitaruUsageException($"The uri has {text.Length} characters; {CharsMax} are allowed.", "Take a uri from resources/list, or fill in a template of resources/templates/list.");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw ResourceCatalog.Unknown(text);
        var parts = text[Scheme.Length..].Split('?', 2);
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parts.Length == 2 ? parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            var sides = pair.Split('=', 2);
            if (!query.TryAdd(Uri.UnescapeDataString(sides[0]), sides.Length == 2 ? Uri.UnescapeDataString(sides[1]) : ""))
                throw new KitaruUsageException($"The uri names '{Texts.Short(sides[0], 80)}' twice.", "Name it once.");
        }
        return new ResourceAddress(text, [.. parts[0].Split('/').Select(Uri.UnescapeDataString)], query);
    }

    /// <summary>Writes an address: segments and values are encoded, values that are null left out.</summary>
    public static string Of(IReadOnlyList<string> segments, params (string Name, string? Value)[] query)
    {
        var path = Scheme + string.Join('/', segments.Select(Uri.EscapeDataString));
        var pairs = query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }

    public static string OfExecution(ExecutionId id, params string[] below) => Of(["executions", id.ToString(), .. below]);

    public static string OfArtifact(string id, long? offset = null) => Of(["artifacts", id], ("offset", offset?.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public static string OfFlow(string flow) => Of(["deployments", flow]);
}
