using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Kitaru.Server.Logs;

internal static class LogEndpoints
{
    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/executions/{id}/logs").WithTags("logs");
        group.MapGet("", ReadAsync).RequireRole(Role.Viewer).WithSummary("Its newest lines, or its oldest with from_start, oldest first.");
        group.MapPost("", async (Call call, string id, LogBody body, CancellationToken stop) =>
            {
                await call.Plane.Logs.AppendAsync(ExecutionId.Parse(id), body.Entries, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member, WorkerRule.Holds).WithSummary("Stores lines.");
    }

    private static async Task<ListBody<LogEntry>> ReadAsync(
        Call call, string id, string? checkpoint, string? source, string? level, DateTimeOffset? since, [FromQuery(Name = "after_id")] long? afterId, int? limit,
        [FromQuery(Name = "from_start")] bool? fromStart, CancellationToken stop)
    {
        var query = new LogQuery
        {
            ExecutionId = ExecutionId.Parse(id),
            Checkpoint = checkpoint,
            Source = source,
            Level = level,
            Since = since,
            AfterId = afterId,
            FromStart = fromStart ?? false,
        };
        return new ListBody<LogEntry>(await call.Plane.Logs.ReadAsync(limit is { } most ? query with { Limit = most } : query, stop));
    }
}
