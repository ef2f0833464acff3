using Kitaru.Core;
using Kitaru.Mcp.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Tasks;

/// <summary>Errors of the methods about tasks, which have no results to be in.</summary>
internal static class TaskErrors
{
    public static McpProtocolException Unknown(string? id) => new(
        $"There is no task '{Texts.Short(id ?? "", 120)}'. A task is named as the call that started it answered, and lives as long as its execution: list those with kitaru_executions_list.",
        McpErrorCode.InvalidParams);

    public static McpProtocolException Malformed(string parameter, string expected) => new($"The parameter '{parameter}' must be {expected}.", McpErrorCode.InvalidParams);

    public static MissingRequiredClientCapabilityException NeedsExtension() => new(
        new ClientCapabilities { Extensions = new Dictionary<string, object> { [ClientAbilities.Tasks] = new System.Text.Json.Nodes.JsonObject() } },
        $"Tasks are for clients that name {ClientAbilities.Tasks} among the extensions of their capabilities, in each request.");

    /// <summary>An error of Kitaru's as one of the protocol's.</summary>
    public static McpProtocolException Of(KitaruException fault) => new(
        fault.NextStep is null ? $"{fault.Code}: {fault.Message}" : $"{fault.Code}: {fault.Message} Next step: {fault.NextStep}",
        fault is KitaruUsageException or KitaruStateException or KitaruNotFoundException or KitaruFeatureNotAvailableException ? McpErrorCode.InvalidParams : McpErrorCode.InternalError);

    public static McpProtocolException Unexpected(string method, string reference) => new(
        $"{method} failed in an unexpected way (reference {reference}); try once more, or look for the reference in the server's log.", McpErrorCode.InternalError);
}
