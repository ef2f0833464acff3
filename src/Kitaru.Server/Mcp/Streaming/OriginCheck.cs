using System.Net;
using Kitaru.Core;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>
/// Keeps pages in a browser out: they may reach a server that their user reaches, under a name of their own too (DNS rebinding). Programs send no origin. A page is answered when
/// its origin is allowed, or when both ends are on this machine.
/// </summary>
internal sealed class OriginCheck(IReadOnlySet<string> origins, IReadOnlySet<string> hosts)
{
    /// <exception cref="KitaruAccessDeniedException">It comes from a page that is not allowed, or is addressed to a name that is not this server's.</exception>
    public void Check(HttpContext context)
    {
        var host = context.Request.Host;
        if (hosts.Count > 0 && !hosts.Contains(host.Value ?? "") && !hosts.Contains(host.Host) && !IsLoopback(host.Host))
            throw new KitaruAccessDeniedException($"This server is not called '{Texts.Short(host.Value ?? "", 80)}'.", "Whoever runs it names it in KITARU_SERVER_ALLOWED_HOSTS.");
        foreach (var origin in context.Request.Headers.Origin.OfType<string>())
        {
            var isHere = Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsLoopback(from.Host) && IsLoopback(host.Host)
                && (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address));
            if (!isHere && !origins.Contains(origin))
                throw new KitaruAccessDeniedException($"Pages of '{Texts.Short(origin, 80)}' are not answered.", "Whoever runs the server names the origins it answers in KITARU_SERVER_ALLOWED_ORIGINS.");
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
