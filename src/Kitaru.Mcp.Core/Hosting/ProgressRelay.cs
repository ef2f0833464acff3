using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>Sends progress to a client that asked for it, in order, and never after the call was answered.</summary>
internal sealed class ProgressRelay(McpServer server, ProgressToken? token, CancellationToken cancellationToken) : IProgress<string>
{
    private readonly Lock _gate = new();
    private Task _sending = Task.CompletedTask;
    private int _count;
    private bool _closed;

    /// <summary>Whether the client asked for progress.</summary>
    public bool IsWanted => token is not null;

    public void Report(string value)
    {
        if (token is null)
            return;
        lock (_gate)
        {
            if (!_closed)
                _sending = SendAsync(_sending, ++_count, value);
        }
    }

    /// <summary>Returns when everything reported so far was sent; later reports are dropped.</summary>
    public Task FinishAsync()
    {
        lock (_gate)
        {
            _closed = true;
            return _sending;
        }
    }

    private async Task SendAsync(Task before, int step, string message)
    {
        await before;
        try
        {
            await server.NotifyProgressAsync(
                token!.Value, new ProgressNotificationValue { Progress = step, Message = message }, cancellationToken: cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The client is gone or no longer interested; the work goes on.
        }
    }
}
