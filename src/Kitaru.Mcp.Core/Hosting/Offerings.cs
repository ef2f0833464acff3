using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Prompts;
using Kitaru.Mcp.Resources;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>What a server offers beside tools: prompts, resources with their changes, and completions for both.</summary>
internal sealed class Offerings(Func<MessageContext, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
{
    private readonly ProtocolErrors _errors = new(scopeOf, time, diagnose);
    private readonly PromptHandler _prompts = new(scopeOf);
    private readonly ResourceHandler _resources = new(scopeOf);
    private readonly Subscriptions _subscriptions = new(scopeOf, time, diagnose);

    public void AddTo(McpServerOptions options)
    {
        var (capabilities, handlers) = (options.Capabilities!, options.Handlers);
        capabilities.Prompts = new PromptsCapability();
        handlers.ListPromptsHandler = (request, stop) => _errors.GuardAsync(request, null, () => Task.FromResult(_prompts.List(request)), stop);
        handlers.GetPromptHandler = (request, stop) => _errors.GuardAsync(request, null, () => Task.FromResult(_prompts.Get(request)), stop);
        var completions = new CompletionHandler(scopeOf, _prompts);
        capabilities.Completions = new CompletionsCapability();
        handlers.CompleteHandler = (request, stop) => _errors.GuardAsync(request, null, () => completions.CompleteAsync(request, stop), stop);
        capabilities.Resources = new ResourcesCapability { Subscribe = true };
        handlers.ListResourcesHandler = (request, stop) => _errors.GuardAsync(request, null, () => _resources.ListAsync(request, stop), stop);
        handlers.ListResourceTemplatesHandler = (request, stop) => _errors.GuardAsync(request, null, () => Task.FromResult(_resources.Templates(request)), stop);
        handlers.ReadResourceHandler = (request, stop) => _errors.GuardAsync(request, request.Params?.Uri ?? "", () => _resources.ReadAsync(request, stop), stop);
        handlers.SubscribeToResourcesHandler = (request, stop) => _errors.GuardAsync(request, request.Params?.Uri ?? "", () => _subscriptions.SubscribeAsync(request, stop), stop);
        handlers.UnsubscribeFromResourcesHandler = (request, stop) => _errors.GuardAsync(request, null, () => _subscriptions.UnsubscribeAsync(request), stop);
        handlers.SubscriptionsListenHandler = (request, stop) => _errors.GuardAsync(request, null, () => _subscriptions.ListenAsync(request, stop), stop);
    }
}
