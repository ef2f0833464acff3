using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Mcp.Streaming;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Mcp;

/// <summary>MCP at <c>/mcp</c>: the tools of kitaru-mcp, on this server's stores, for whoever the token is.</summary>
internal static class McpEndpoints
{
    public const string Path = "/mcp";
    private const string Metadata = "/.well-known/oauth-protected-resource";

    public static void MapMcp(this IEndpointRouteBuilder app)
    {
        var limits = app.ServiceProvider.GetRequiredService<StreamingLimits>();
        Map(app.MapPost(Path, Serve((http, context) => http.PostAsync(context)))).WithMetadata(new BodyLimit(limits.MessageBytesMax));
        Map(app.MapGet(Path, Serve((http, context) => http.GetAsync(context))));
        Map(app.MapDelete(Path, Serve((http, context) => http.DeleteAsync(context))));
        foreach (var address in (string[])[Metadata, Metadata + Path])
            app.MapGet(address, (HttpContext context, ServerOptions options) => Results.Json(Describe(context, options))).AllowEverybody().ExcludeFromDescription();
    }

    /// <summary>Where a client that has no token learns about them (RFC 9728); null for what is no MCP.</summary>
    public static string? MetadataAddress(HttpContext context) => context.Request.Path.StartsWithSegments(Path)
        ? Base(context, context.RequestServices.GetRequiredService<ServerOptions>()) + Metadata + Path
        : null;

    private static IEndpointConventionBuilder Map(IEndpointConventionBuilder endpoint)
    {
        endpoint.RequireRole(Role.Viewer);
        // It has its own description: tools/list, server/discover.
        return endpoint.WithMetadata(new Microsoft.AspNetCore.Routing.ExcludeFromDescriptionAttribute());
    }

    private static RequestDelegate Serve(Func<StreamableHttp, HttpContext, Task> answer) => context =>
    {
        context.RequestServices.GetRequiredService<OriginCheck>().Check(context);
        return answer(context.RequestServices.GetRequiredService<StreamableHttp>(), context);
    };

    private static JsonObject Describe(HttpContext context, ServerOptions options) => new()
    {
        ["resource"] = Base(context, options) + Path,
        ["resource_name"] = "Kitaru",
        ["bearer_methods_supported"] = new JsonArray("header"),
    };

    private static string Base(HttpContext context, ServerOptions options) => options.Mcp.PublicUrl ?? $"{context.Request.Scheme}://{context.Request.Host}";
}
