using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Audit;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Tasks;

/// <summary>One request about a task, its parameters checked.</summary>
/// <param name="Scope">What it works on, for whom.</param>
/// <param name="Id">The task.</param>
/// <param name="Parameters">All parameters.</param>
/// <param name="CanElicit">Whether the client can ask its user.</param>
/// <param name="Caller">Who calls, for the record.</param>
internal sealed record TaskCall(RequestScope Scope, TaskId Id, JsonObject Parameters, bool CanElicit, string Caller)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Says what the caller is not told.</summary>
    public Action<string> Diagnose { get; init; } = _ => { };

    /// <summary>Writes down that it has changed its execution.</summary>
    public Task AuditAsync(string method) => AuditTrail.WriteAsync(
        new AuditEntry(method, Caller, AuditedTool.Digest(new JsonObject(Parameters.Where(pair => pair.Key != "_meta").Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())))), [], new HashSet<ExecutionId> { Id.Execution }),
        Scope.Backend, Time, Diagnose);

    /// <exception cref="ModelContextProtocol.McpProtocolException">The client has no tasks, or this is no task's id.</exception>
    public static TaskCall Read(JsonRpcRequest request, RequestScope scope)
    {
        if (!ClientAbilities.TakesTasks(request))
            throw TaskErrors.NeedsExtension();
        var parameters = request.Params as JsonObject ?? [];
        var text = parameters["taskId"] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : throw TaskErrors.Malformed("taskId", "the id of a task");
        if (!TaskId.TryParse(text, out var id))
            throw TaskErrors.Unknown(text);
        return new TaskCall(scope, id, parameters, ClientAbilities.CanElicit(request), scope.Caller(ClientAbilities.NameOf(request)));
    }

    /// <summary>Refuses what the caller may not do with a tool either.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">It is not available to the caller.</exception>
    public void Check(KitaruTool tool) => Scope.Policy.Check(tool);

    /// <summary>The task's execution.</summary>
    /// <exception cref="ModelContextProtocol.McpProtocolException">There is none, for this caller.</exception>
    public async Task<ExecutionRecord> FindAsync(IControlPlane kitaru, CancellationToken cancellationToken) =>
        await kitaru.Executions.FindAsync(Id.Execution, cancellationToken) ?? throw TaskErrors.Unknown(Id.ToString());
}
