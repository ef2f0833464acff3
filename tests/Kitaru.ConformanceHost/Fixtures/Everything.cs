using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>A server with everything that the suite asks for.</summary>
internal static class Everything
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static McpServerOptions Options(IReadOnlyDictionary<string, Fixture> tools) => new()
    {
        ServerInfo = new Implementation { Name = "kitaru-conformance", Title = "Kitaru conformance host", Version = "1.0.0" },
        ScopeRequests = false,
        Capabilities = new ServerCapabilities
        {
            Tools = new ToolsCapability(),
            Prompts = new PromptsCapability(),
            Resources = new ResourcesCapability { Subscribe = true },
            Completions = new CompletionsCapability(),
            Logging = new LoggingCapability(),
        },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult
            {
                Tools = [.. tools.Values.Select(tool => tool.Description)],
                TimeToLive = Lifetime,
                CacheScope = CacheScope.Public,
            }),
            CallToolHandler = (request, stop) => Tools.CallAsync(tools, request, stop),
            ListPromptsHandler = (_, _) => ValueTask.FromResult(new ListPromptsResult { Prompts = Prompts.All, TimeToLive = Lifetime, CacheScope = CacheScope.Public }),
            GetPromptHandler = (request, _) => ValueTask.FromResult(Prompts.Get(request)),
            ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult { Resources = Resources.All, TimeToLive = Lifetime, CacheScope = CacheScope.Public }),
            ListResourceTemplatesHandler = (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = Resources.Templates, TimeToLive = Lifetime, CacheScope = CacheScope.Public }),
            ReadResourceHandler = (request, _) => ValueTask.FromResult(Resources.Read(request.Params!.Uri!, Lifetime)),
            SubscribeToResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
            UnsubscribeFromResourcesHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
            SetLoggingLevelHandler = (_, _) => ValueTask.FromResult(new EmptyResult()),
            CompleteHandler = (request, _) => ValueTask.FromResult(new CompleteResult
            {
                Completion = new Completion { Values = [.. new[] { "paris", "park", "party" }.Where(word => word.StartsWith(request.Params!.Argument.Value, StringComparison.Ordinal))], Total = 3 },
            }),
        },
    };
}
