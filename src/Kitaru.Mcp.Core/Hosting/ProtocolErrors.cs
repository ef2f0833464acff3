using Kitaru.Core;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>Errors of what is no tool: they have a code of the protocol instead of a result.</summary>
internal sealed class ProtocolErrors(Func<MessageContext, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
{
    /// <summary>The version from which a resource that is not there is a wrong parameter.</summary>
    private const string FirstWithoutNotFound = "2026-07-28";

    /// <summary>Does it, and says what went wrong.</summary>
    public async ValueTask<T> GuardAsync<T>(MessageContext request, string? uri, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (KitaruException fault)
        {
            throw Of(request, uri, Said(request, fault));
        }
        catch (Exception fault) when (fault is not McpException && (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            var reference = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
            diagnose($"{MethodOf(request)} failed, reference {reference}: {fault}");
            throw new McpProtocolException($"{MethodOf(request)} failed in an unexpected way (reference {reference}).", McpErrorCode.InternalError);
        }
    }

    private static McpProtocolException Of(MessageContext request, string? uri, KitaruException fault)
    {
        var error = new McpProtocolException(fault.NextStep is { } next ? $"{fault.Message} {next}" : fault.Message, CodeOf(request, uri, fault)) { Data = { ["type"] = fault.Code } };
        if (uri is not null)
            error.Data["uri"] = Texts.Short(uri, 500);
        return error;
    }

    private static McpErrorCode CodeOf(MessageContext request, string? uri, KitaruException fault) => fault switch
    {
        KitaruNotFoundException or KitaruLookupException when uri is not null => IsModern(request) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound,
        KitaruUsageException or KitaruStateException or KitaruLookupException or KitaruNotFoundException or KitaruFeatureNotAvailableException => McpErrorCode.InvalidParams,
        _ => McpErrorCode.InternalError,
    };

    private static bool IsModern(MessageContext request) =>
        string.CompareOrdinal(request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion, FirstWithoutNotFound) >= 0;

    private static string MethodOf(MessageContext request) => (request.JsonRpcMessage as JsonRpcRequest)?.Method ?? "the request";

    private KitaruException Said(MessageContext request, KitaruException fault) =>
        fault is KitaruBackendException { IsOfTheMachine: true } backend && scopeOf(request).Disguise is { } disguise ? disguise(backend) : fault;
}
