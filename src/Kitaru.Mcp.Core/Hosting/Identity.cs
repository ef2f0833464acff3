using Kitaru.Client.Status;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Who the server says it is.</summary>
internal static class Identity
{
    public static Implementation Server { get; } = new()
    {
        Name = ServerFactory.Name,
        Title = "Kitaru",
        Description = "Runs C# flows durably: start, watch, answer, retry, replay and deploy them.",
        Version = RuntimeSnapshots.LibraryVersion,
        Icons = Hosting.Icons.Server,
    };
}
