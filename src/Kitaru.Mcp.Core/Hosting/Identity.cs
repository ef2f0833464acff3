using Kitaru.Client.Status;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Who the server says it is.</summary>
internal static class Identity
{
    // A ring of steps that begins again. It is sent with every result of the newer versions, so it is short, and needs no network.
    private const string Drawing =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='tomato' stroke-width='2.4'><path d='M20 12a8 8 0 1 1-3-6m3-3v4h-4m-5 4v2'/></svg>";

    public static Implementation Server { get; } = new()
    {
        Name = ServerFactory.Name,
        Title = "Kitaru",
        Description = "Runs C# flows durably: start, watch, answer, retry, replay and deploy them.",
        Version = RuntimeSnapshots.LibraryVersion,
        Icons = [new Icon { Source = "data:image/svg+xml," + Drawing.Replace(" ", "%20", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal), MimeType = "image/svg+xml", Sizes = ["any"] }],
    };
}
