using Kitaru.Core;

namespace Kitaru.Server.Requests;

/// <summary>One line per request: what, by whom, how it went. No token, no body, and of the address only its pattern: names may be secret.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-";
            var level = context.Response.StatusCode >= 500 ? LogLevel.Warning : context.Response.StatusCode >= 400 ? LogLevel.Information : LogLevel.Debug;
            log.Log(
                level, "{Method} {Pattern} {Status} in {Milliseconds:0.0} ms for {Principal}, request {RequestId}", context.Request.Method, pattern, context.Response.StatusCode,
                TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds, context.Features.Get<Call>() is { } call ? Texts.Short(call.Principal.Name, 80) : "-", context.TraceIdentifier);
        }
    }
}
