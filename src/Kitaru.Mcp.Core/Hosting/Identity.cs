using Kitaru.Client.Status;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Who the server says it is.</summary>
internal static class Identity
{
    // A ring of steps with one that is done again, drawn in 24 by 24; it needs no network and no file.
    private const string Drawing =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#e4572e' stroke-width='2.4' stroke-linecap='round'>"
        + "<path d='M20 12a8 8 0 1 1-2.6-5.9'/><path d='M20.5 2.8v4.4h-4.4'/><circle cx='12' cy='12' r='2' fill='#e4572e' stroke='none'/></svg>";

    public static Implementation Server { get; } = new()
    {
        Name = ServerFactory.Name,
        Title = "Kitaru",
        Description = "Runs C# flows durably: start, watch, answer, retry, replay and deploy them.",
        Version = RuntimeSnapshots.LibraryVersion,
        Icons = [new Icon { Source = "data:image/svg+xml," + Uri.EscapeDataString(Drawing), MimeType = "image/svg+xml", Sizes = ["any"] }],
    };
}
