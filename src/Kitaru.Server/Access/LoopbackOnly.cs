using System.Net;

namespace Kitaru.Server.Access;

/// <summary>
/// The local server answers this machine's own programs only. A page in a browser may reach a loopback address too, under a name of its own (DNS rebinding) or from another
/// origin: both show in headers that a page cannot choose.
/// </summary>
internal sealed class LoopbackOnly(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            throw new KitaruAccessDeniedException("The local server is for programs of this machine only.");
        if (!IsLoopback(context.Request.Host.Host))
            throw new KitaruAccessDeniedException("The local server is addressed as 127.0.0.1 or localhost only.", $"Use http://127.0.0.1:{context.Connection.LocalPort}.");
        foreach (var origin in context.Request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || !IsLoopback(from.Host) || from.Port != context.Connection.LocalPort)
                throw new KitaruAccessDeniedException("The local server answers no pages of other origins.");
        }
        return next(context);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
