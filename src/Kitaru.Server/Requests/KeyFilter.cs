using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Projects;

namespace Kitaru.Server.Requests;

/// <summary>
/// Requests under a key. <c>Idempotency-Key</c> is the caller's promise that the request is the same: the first answer is kept and given again. <c>Kitaru-Under</c> is a call of
/// a Kitaru client whose first change this may be.
/// </summary>
internal sealed class KeyFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Features.Get<Call>() is not { } call || HttpMethods.IsGet(http.Request.Method))
            return await next(context);
        var under = http.Request.Headers[WireHeaders.Under].ToString() is { Length: > 0 } header ? WireHeaders.ReadRequest(header) : null;
        var own = http.Request.Headers[WireHeaders.IdempotencyKey].ToString() is { Length: > 0 } key ? OwnRequest(context, WireHeaders.Unescape(key)) : null;
        if (own is not null && await call.Store.Idempotency.FindAsync(own, http.RequestAborted) is { } earlier)
            return Again(http, own, earlier);
        if ((under ?? own) is { } request)
            call.Plane = call.Store.Under(request);
        var answer = await next(context);
        if (under is not null)
            http.Response.Headers[WireHeaders.KeyClaimed] = await IsClaimedAsync(call, under) ? "true" : "false";
        // The change is made: that its caller has gone is no reason to forget the answer.
        if (own is not null)
            await call.Store.Idempotency.CompleteAsync(own, answer is IResult ? "" : JsonSerializer.Serialize(answer, WireJson.Strict), CancellationToken.None);
        return answer;
    }

    private static IResult Again(HttpContext http, IdempotentRequest own, IdempotentOutcome earlier)
    {
        if (earlier.Result is not { } result)
        {
            throw new KitaruStateException(
                $"The first request under the idempotency key '{Texts.Short(own.Key)}' made its change at {earlier.MadeAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and has not answered yet, or its server ended before it could. Nothing was done now.",
                "Look at what it changed, or ask again later with the same key.");
        }
        http.Response.Headers[WireHeaders.Replayed] = "true";
        return result.Length == 0 ? Results.NoContent() : Results.Text(result, "application/json", Encoding.UTF8);
    }

    /// <summary>The same address with the same body is the same request.</summary>
    private static IdempotentRequest OwnRequest(EndpointFilterInvocationContext context, string key)
    {
        IdempotentRequest.CheckKey(key);
        var http = context.HttpContext;
        using var content = new MemoryStream();
        content.Write(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
        foreach (var argument in context.Arguments)
        {
            if (argument is not null and not Call and not CancellationToken and not HttpContext and not HttpResponse and not HttpRequest and not IProjectStores)
                JsonSerializer.Serialize(content, argument, argument.GetType(), WireJson.Strict);
        }
        content.Position = 0;
        return new IdempotentRequest(key, $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/')}", SHA256.HashData(content));
    }

    private static async Task<bool> IsClaimedAsync(Call call, IdempotentRequest under)
    {
        try
        {
            return await call.Store.Idempotency.FindAsync(under, CancellationToken.None) is not null;
        }
        catch (KitaruStateException)
        {
            // The key is of another call; this one changed nothing.
            return false;
        }
    }
}
