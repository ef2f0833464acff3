using System.Text.Json;
using Kitaru.Mcp.Approvals;
using Kitaru.Mcp.Idempotency;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>The one way from the protocol to a tool and back: finds it, checks arguments, turns errors into results.</summary>
internal sealed class ToolHandler(Func<MessageContext, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
{
    private static readonly TimeSpan ListLifetime = TimeSpan.FromHours(1);

    // Not needed for initialize, so made after it.
    private readonly Lazy<ToolRegistry> _registry = new(() => new ToolRegistry());
    private readonly DescribedTools _descriptions = new();

    /// <summary>What there is beside tools.</summary>
    public Offerings Offerings { get; } = new(scopeOf, time, diagnose);

    /// <summary>The tools there are for the caller, always in the same order.</summary>
    public ListToolsResult List(MessageContext request)
    {
        var scope = scopeOf(request);
        return new ListToolsResult
        {
            Tools = [.. _registry.Value.Tools.Where(scope.Policy.Allows).Select(_descriptions.Of)],
            TimeToLive = ListLifetime,
            // What a principal may see is nobody else's to keep.
            CacheScope = scope.Principal is null ? CacheScope.Public : CacheScope.Private,
        };
    }

    public async Task<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
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
        RequestContext<CallToolRequestParams> request, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var scope = scopeOf(request);
        var tool = _registry.Value.Find(request.Params?.Name);
        scope.Policy.Check(tool);
        var arguments = ArgumentCheck.Check(tool, request.Params?.Arguments);
        var caller = scope.Caller((request.JsonRpcRequest.Context?.ClientInfo ?? request.Server.ClientInfo)?.Name);
        var user = UserPrompt.Of(request, scope, time);
        return await KeyedCalls.CallAsync(tool, new ToolCall(arguments, scope.Backend, caller, progress, time) { User = user, SealingSecret = scope.SealingSecret }, cancellationToken);
    }

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
