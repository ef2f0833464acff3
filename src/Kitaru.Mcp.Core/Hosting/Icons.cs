using System.Collections.Frozen;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Drawings for clients that show some: one for the server, one for each group of tools. They need no network, and are short because every list carries them.</summary>
internal static class Icons
{
    // A ring of steps that begins again. It is sent with every result of the newer versions.
    private const string Ring = "<path d='M20 12a8 8 0 1 1-3-6m3-3v4h-4m-5 4v2'/>";

    private static readonly FrozenDictionary<string, IList<Icon>> ByToolset = new Dictionary<string, string>
    {
        [Toolsets.Status] = "M3,12h4l3-7,4,14,3-7h4",
        [Toolsets.Executions] = "M7,5v14l11-7z",
        [Toolsets.Replay] = "M12,6v12L4,12zM20,6v12l-8-6z",
        [Toolsets.Deployments] = "M12,20V4m-6,6,6-6,6,6",
        [Toolsets.Flows] = "M4,6h6l4,12h6M4,18h4",
        [Toolsets.Stacks] = "M3,8l9-5,9,5-9,5zm0,6,9,5,9-5",
        [Toolsets.Secrets] = "M5,11h14v9H5zm3,0V4h8v7",
        [Toolsets.Storage] = "M4,5h16v14H4zm0,7h16",
    }.ToFrozenDictionary(pair => pair.Key, pair => Of($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0,0,24,24'><path fill='none' stroke='tomato' stroke-width='2' d='{pair.Value}'/></svg>"));

    /// <summary>The server's.</summary>
    public static IList<Icon> Server { get; } =
        Of($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='tomato' stroke-width='2.4'>{Ring}</svg>", isFull: true);

    /// <summary>That of a tool's group.</summary>
    public static IList<Icon> OfTool(string toolset) => ByToolset[toolset];

    private static IList<Icon> Of(string drawing, bool isFull = false) =>
    [
        new Icon
        {
            Source = "data:image/svg+xml," + drawing.Replace(" ", "%20", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal),
            // The address says it too; each of forty tools goes without.
            MimeType = isFull ? "image/svg+xml" : null,
            Sizes = isFull ? ["any"] : null,
        },
    ];
}
