using System.Text.Json;
using Kitaru.Mcp.Approvals;
using Kitaru.Mcp.Deployments;
using Kitaru.Mcp.Flows;
using Kitaru.Mcp.Idempotency;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>The one way from the protocol to a tool and back: finds it, checks arguments, turns errors into results.</summary>
internal sealed class ToolHandler(Func<MessageContext, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
{
    /// <summary>How long a list waits for the store to say which flows are tools; without it, a list has all others.</summary>
    private static readonly TimeSpan FlowsWait = TimeSpan.FromSeconds(3);

    // Not needed for initialize, so made after it.
    private readonly Lazy<ToolRegistry> _registry = new(() => new ToolRegistry());
    private readonly DescribedTools _descriptions = new();

    /// <summary>What there is beside tools.</summary>
    public Offerings Offerings { get; } = new(scopeOf, time, diagnose);

    /// <summary>The tools there are for the caller, always in the same order.</summary>
    public async Task<ListToolsResult> ListAsync(MessageContext request, CancellationToken cancellationToken)
    {
        var scope = scopeOf(request);
        var flows = await FlowsAsync(scope, cancellationToken);
        Offerings.Changes.Follow(request, scope, (flows ?? FlowToolList.Empty).Mark);
        return new ListToolsResult
        {
            Tools = [.. _registry.Value.Tools.Where(scope.Policy.Allows).Concat((flows ?? FlowToolList.Empty).Tools).Select(tool => _descriptions.Of(tool, scope.Policy))],
            TimeToLive = flows is null ? TimeSpan.Zero : Lifetimes.OfTools(scope),
            // What a principal may see is nobody else's to keep.
            CacheScope = Lifetimes.ScopeOf(scope),
        };
    }

    /// <summary>The flows that are tools for the caller; null when the store does not say it (in time), which keeps nobody from the other tools.</summary>
    private async Task<FlowToolList?> FlowsAsync(RequestScope scope, CancellationToken cancellationToken)
    {
        if (!FlowTools.AreOn(scope.Policy))
            return FlowToolList.Empty;
        try
        {
            return await Offerings.Flows.ListAsync(scope.Backend, cancellationToken).WaitAsync(FlowsWait, time, cancellationToken);
        }
        catch (Exception fault) when (fault is KitaruException or TimeoutException)
        {
            return null;
        }
    }

    public async Task<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var result = await ResultAsync(request, cancellationToken);
        if (IsOfFlows(request.Params?.Name))
            result.Meta = FlowData.Mark(result.Meta);
        return result;
    }

    /// <summary>Errors too: they say what a flow has thrown.</summary>
    private bool IsOfFlows(string? name) => name is not null && (name.StartsWith(FlowToolName.Prefix, StringComparison.Ordinal) || (_registry.Value.TryFind(name) is { } tool && FlowData.IsIn(tool.Toolset)));

    private async Task<CallToolResult> ResultAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var progress = new ProgressRelay(request.Server, request.Params?.ProgressToken, cancellationToken);
        try
        {
            var answer = await AnswerAsync(request, progress, cancellationToken);
            return WrittenResults.Defer(request.JsonRpcRequest, answer, isError: false, Resources.ResourceLinks.Of(request, answer.Structured));
        }
        catch (KitaruException fault)
        {
            return WrittenResults.Defer(request.JsonRpcRequest, ToolErrors.Of(Said(request, fault)), isError: true);
        }
        catch (Exception fault) when (fault is not InputRequiredException && (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            var (tool, reference) = (request.Params?.Name ?? "", Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
            diagnose($"{tool} failed, reference {reference}: {fault}");
            return WrittenResults.Defer(request.JsonRpcRequest, ToolErrors.Unexpected(tool, reference), isError: true);
        }
        finally
        {
            await progress.FinishAsync();
        }
    }

    private async Task<ToolAnswer> AnswerAsync(
        RequestContext<CallToolRequestParams> request, ProgressRelay progress, CancellationToken cancellationToken)
    {
        var scope = scopeOf(request);
        var tool = await FindAsync(scope, request.Params?.Name, cancellationToken);
        scope.Policy.Check(tool);
        var arguments = ArgumentCheck.Check(tool, request.Params?.Arguments);
        if (tool.StandIn is { } arrange)
            (tool, arguments) = (_registry.Value.Find(InvokeTool.ToolName), arrange(arguments));
        var caller = scope.Caller((request.JsonRpcRequest.Context?.ClientInfo ?? request.Server.ClientInfo)?.Name);
        var user = UserPrompt.Of(request, scope, time);
        try
        {
            var call = new ToolCall(arguments, scope.Backend, caller, progress, time) { IsFollowed = progress.IsWanted, User = user, Diagnose = diagnose, SealingSecret = scope.SealingSecret };
            return (await KeyedCalls.CallAsync(tool, call, cancellationToken)).In(tool.Short);
        }
        finally
        {
            if (!tool.Hints.ReadOnly)
                scope.Backend.Status.Forget();
            if (tool.Needs == ToolNeeds.Machine)
                scope.Backend.LookAgain();
        }
    }

    private async Task<KitaruTool> FindAsync(RequestScope scope, string? name, CancellationToken cancellationToken) =>
        name is not null && name.StartsWith(FlowToolName.Prefix, StringComparison.Ordinal) ? await Offerings.Flows.FindAsync(scope.Backend, name, cancellationToken) : _registry.Value.Find(name);

    private KitaruException Said(MessageContext request, KitaruException fault) =>
        fault is KitaruBackendException { IsOfTheMachine: true } backend && scopeOf(request).Disguise is { } disguise ? disguise(backend) : fault;

    /// <summary>An answer as the protocol has it.</summary>
    public static CallToolResult ToResult(ToolAnswer answer, bool isError, params IEnumerable<ContentBlock> links) => new()
    {
        IsError = isError,
        Content = [new TextContentBlock { Text = PlainText.Of(answer.Text) }, .. links],
        StructuredContent = JsonElement.Parse(answer.Bytes.Span),
    };
}
