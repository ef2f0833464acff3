using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Resources;

/// <summary>Lists and reads resources.</summary>
internal sealed class ResourceHandler(Func<MessageContext, RequestScope> scopeOf)
{
    public async Task<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var (items, next) = await ResourceListing.PageAsync(scopeOf(request), request.Params?.Cursor, cancellationToken);
        return new ListResourcesResult { Resources = items, NextCursor = next, TimeToLive = TimeSpan.Zero, CacheScope = CacheScope.Private };
    }

    public ListResourceTemplatesResult Templates(MessageContext request)
    {
        var scope = scopeOf(request);
        return new ListResourceTemplatesResult
        {
            ResourceTemplates = [.. ResourceCatalog.Offered(scope).Select(Describe)],
            TimeToLive = Lifetimes.OfLists,
            CacheScope = Lifetimes.ScopeOf(scope),
        };
    }

    public async Task<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var (resource, call) = ResourceCatalog.Find(scopeOf(request), request.Params?.Uri);
        var contents = await resource.ReadAsync(call, cancellationToken);
        foreach (var content in contents)
            content.Meta = FlowData.Mark(content.Meta);
        return new ReadResourceResult
        {
            Contents = contents,
            TimeToLive = resource.IsImmutable ? Lifetimes.OfValues : TimeSpan.Zero,
            CacheScope = CacheScope.Private,
        };
    }

    private static ResourceTemplate Describe(KitaruResource resource) => new()
    {
        UriTemplate = resource.Pattern.Text,
        Name = resource.Name,
        Title = resource.Title,
        Description = resource.Description,
        MimeType = resource.MimeType,
    };
}
