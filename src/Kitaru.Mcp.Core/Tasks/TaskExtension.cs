using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Tasks;

/// <summary>
/// Hangs the tasks extension (<c>io.modelcontextprotocol/tasks</c>) into a server. All of the SDK's seams for it, which are experimental, are in this file.
/// </summary>
#pragma warning disable MCPEXP002 // The SDK may still change how extensions hang in.
internal static class TaskExtension
{
    /// <summary>The same options, with tasks.</summary>
    /// <param name="options">The server's options.</param>
    /// <param name="scopeOf">The scope of a request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="diagnose">Says what nobody else is told.</param>
    public static McpServerOptions WithTasks(this McpServerOptions options, Func<JsonRpcMessage, RequestScope> scopeOf, TimeProvider time, Action<string> diagnose)
    {
        options.Capabilities ??= new ServerCapabilities();
        options.Capabilities.Extensions ??= new Dictionary<string, object>();
        options.Capabilities.Extensions[ClientAbilities.Tasks] = new JsonObject();
        options.RequestHandlers =
        [
            .. options.RequestHandlers ?? [],
            Handler("tasks/get", TaskHandlers.GetAsync),
            Handler("tasks/update", TaskHandlers.UpdateAsync),
            Handler("tasks/cancel", TaskHandlers.CancelAsync),
        ];
        options.Filters.Request.CallToolWithAlternateFilters.Add(async (request, next, cancellationToken) =>
        {
            var answer = await next(request, cancellationToken);
            if (!ClientAbilities.TakesTasks(request.JsonRpcRequest) || HandleOf(AnswerOf(request.JsonRpcRequest, answer.Result)) is not { } handle)
                return answer;
            WrittenResults.Drop(request.JsonRpcRequest);
            return ResultOrAlternate<CallToolResult>.FromAlternate(handle, TaskJson.Default.TaskHandle);
        });
        return options;

        McpServerRequestHandler Handler(string method, Func<TaskCall, CancellationToken, Task<JsonObject>> answer) => new()
        {
            Method = method,
            RoutingNameParameter = "taskId",
            Handler = async (request, cancellationToken) => await AnswerAsync(request, answer, cancellationToken),
        };

        async Task<JsonNode?> AnswerAsync(JsonRpcRequest request, Func<TaskCall, CancellationToken, Task<JsonObject>> answer, CancellationToken cancellationToken)
        {
            RequestScope? scope = null;
            try
            {
                scope = scopeOf(request);
                return await answer(TaskCall.Read(request, scope) with { Time = time, Diagnose = diagnose }, cancellationToken);
            }
            catch (KitaruException fault)
            {
                throw TaskErrors.Of(fault is KitaruBackendException { IsOfTheMachine: true } backend && scope?.Disguise is { } disguise ? disguise(backend) : fault);
            }
            catch (Exception fault) when (fault is not McpException && !(fault is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                var reference = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
                diagnose($"{request.Method} failed, reference {reference}: {fault}");
                throw TaskErrors.Unexpected(request.Method, reference);
            }
        }
    }

    /// <summary>What a call has answered: kept back to be written later, or, in a second round, in the result itself.</summary>
    private static JsonObject? AnswerOf(JsonRpcRequest request, CallToolResult? result) =>
        WrittenResults.Of(request)?.Structured ?? (result is { StructuredContent: { ValueKind: JsonValueKind.Object } content } ? JsonObject.Create(content) : null);

    /// <summary>The handle of what a call has started and what is not over yet. The execution was stored before the call answered.</summary>
    private static TaskHandle? HandleOf(JsonObject? answer)
    {
        if (answer?["execution"] is not JsonObject execution)
            return null;
        if (TaskId.Of(answer) is not { } id || StatusOf(execution["status"]?.ToString()) is not { } status)
            return null;
        var created = execution["created_at"]!.ToString();
        return new TaskHandle
        {
            ResultType = "task",
            TaskId = id.ToString(),
            Status = status,
            StatusMessage = answer["warning"]?.ToString() ?? execution["status_reason"]?.ToString(),
            CreatedAt = created,
            LastUpdatedAt = execution["started_at"]?.ToString() ?? created,
            PollIntervalMs = TaskState.PollMilliseconds,
        };
    }

    /// <summary>Null for what has ended: then the result itself is answered.</summary>
    private static string? StatusOf(string? word) => word switch
    {
        "running" => "working",
        "waiting" => "input_required",
        _ => null,
    };
}
#pragma warning restore MCPEXP002
