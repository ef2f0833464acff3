using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Flows;
using Kitaru.Mcp.Prompts;
using Kitaru.Mcp.Resources;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>What a server offers beside tools: prompts, resources with their changes, and completions for both.</summary>
internal sealed class Offerings
{
    private readonly Func<MessageContext, RequestScope> _scopeOf;
    private readonly ProtocolErrors _errors;
    private readonly PromptHandler _prompts;
    private readonly ResourceHandler _resources;
    private readonly Subscriptions _subscriptions;

    public Offerings(Func<MessageContext, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
    {
        _scopeOf = scopeOf;
        _errors = new ProtocolErrors(scopeOf, time, diagnose);
        _prompts = new PromptHandler(scopeOf);
        _resources = new ResourceHandler(scopeOf);
        Changes = new ToolListChanges(Flows, time);
        _subscriptions = new Subscriptions(scopeOf, Changes, time, diagnose);
    }

    /// <summary>Deployed flows as tools.</summary>
    public FlowTools Flows { get; } = new();

    /// <summary>Changes of the list of tools.</summary>
    public ToolListChanges Changes { get; }

    public void AddTo(McpServerOptions options)
    {
        var (capabilities, handlers) = (options.Capabilities!, options.Handlers);
        capabilities.Prompts = new PromptsCapability();
        handlers.ListPromptsHandler = (request, stop) => _errors.GuardAsync(request, null, () => Task.FromResult(_prompts.List(request)), stop);
        handlers.GetPromptHandler = (request, stop) => _errors.GuardAsync(request, null, () => Task.FromResult(_prompts.Get(request)), stop);
        var completions = new CompletionHandler(_scopeOf, _prompts);
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
