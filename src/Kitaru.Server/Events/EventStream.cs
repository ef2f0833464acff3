using System.Text;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Server.Hosting;

namespace Kitaru.Server.Events;

/// <summary>Server-sent events until the execution has ended, the listener is gone, or the server stops; then the listener asks the next one.</summary>
internal sealed class EventStream(IControlPlane plane, ServerInstance instance, EventReader reader, EventCursor cursor, Func<ServerEvent, string?> idOf) : IResult
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>A busy store is looked at now and then, not once per commit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A worker's last lines may come a little after the end.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, instance.Stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await SendAsync(context.Response, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The listener comes back with the id of the last event, here or elsewhere.
        }
    }

    private async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        await response.WriteAsync("retry: 1000\n\n", cancellationToken);
        long seen = 0;
        var isLast = false;
        while (true)
        {
            // Its mark is taken before the look: what changes meanwhile is looked at once more.
            seen = await WaitAsync(response, seen, cancellationToken);
            var (events, hasEnded) = await reader.ReadAsync(cursor, cancellationToken);
            foreach (var one in events)
            {
                cursor = one.After;
                if (idOf(one) is { } id)
                    await WriteAsync(response, one, id, cancellationToken);
            }
            await response.Body.FlushAsync(cancellationToken);
            if (hasEnded && isLast)
                break;
            isLast = hasEnded;
            await Task.Delay(hasEnded ? Late : Pause, TimeProvider.System, cancellationToken);
            if (hasEnded)
                seen = 0;
        }
        await response.WriteAsync("event: end\ndata: {}\n\n", cancellationToken);
    }

    private async Task<long> WaitAsync(HttpResponse response, long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Heartbeat);
            try
            {
                return await plane.Executions.WaitForChangeAsync(seen, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await response.WriteAsync(": alive\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
    }

    private static Task WriteAsync(HttpResponse response, ServerEvent one, string id, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("id: ").Append(id).Append("\nevent: ").Append(one.Name).Append("\ndata: ").Append(KitaruJson.Write(one.Data)).Append("\n\n");
        return response.WriteAsync(text.ToString(), cancellationToken);
    }
}
