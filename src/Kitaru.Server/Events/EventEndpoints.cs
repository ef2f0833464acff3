using System.Globalization;
using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Kitaru.Server.Events;

internal static class EventEndpoints
{
    private const string LastEvent = "Last-Event-ID";

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/executions/{id}").WithTags("events");
        group.MapGet("/events", async (Call call, ServerInstance instance, string id, [FromHeader(Name = LastEvent)] string? last, CancellationToken stop) =>
            {
                var execution = ExecutionId.Parse(id);
                await call.Plane.Executions.FindAsync(execution, stop).OrThrowAsync("execution", id);
                return new EventStream(call.Plane, instance, new EventReader(call.Plane, execution), EventCursor.Parse(last), one => one.After.ToString());
            })
            .RequireRole(Role.Viewer).Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .WithSummary("What happens to it, as server-sent events: status, wait, checkpoint, log; ends with the execution.");
        group.MapGet("/logs/stream", async (Call call, ServerInstance instance, string id, [FromHeader(Name = LastEvent)] string? last, CancellationToken stop) =>
            {
                var execution = ExecutionId.Parse(id);
                await call.Plane.Executions.FindAsync(execution, stop).OrThrowAsync("execution", id);
                var cursor = new EventCursor { Log = AfterLine(last) };
                return new EventStream(
                    call.Plane, instance, new EventReader(call.Plane, execution), cursor, one => one.Name == "log" ? one.After.Log.ToString(CultureInfo.InvariantCulture) : null);
            })
            .RequireRole(Role.Viewer).Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .WithSummary("Its log lines as server-sent events; the id of each is its place in the log.");
    }

    private static long AfterLine(string? last) => string.IsNullOrEmpty(last) ? 0
        : long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line
        : throw new KitaruUsageException($"{LastEvent} is not the id of a log line.", "Send the id of the last event that arrived, or none to hear everything from the beginning.");
}
