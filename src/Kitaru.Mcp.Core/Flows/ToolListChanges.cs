using Kitaru.Core;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Resources;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Flows;

/// <summary>Tells when a flow becomes a tool, or is none any more, or starts another version.</summary>
internal sealed class ToolListChanges(FlowTools flows, TimeProvider time)
{
    /// <summary>A busy store is looked at now and then, not once per commit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How often in a row the store may be away.</summary>
    private const int FailuresMax = 120;

    /// <summary>The first version in which a client asks for what it wants to be told.</summary>
    private const string FirstThatAsks = "2026-07-28";

    private readonly Lock _gate = new();
    private SessionChannel? _only;

    /// <summary>From its first list on, a session is told by itself, as versions with sessions have it.</summary>
    public void Follow(MessageContext request, RequestScope scope, string mark)
    {
        if (!FlowTools.AreOn(scope.Policy) || string.CompareOrdinal(request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion, FirstThatAsks) >= 0)
            return;
        var channel = ChannelOf(request);
        if (channel.BeginTools() is not { } stop)
            return;
        _ = TellAsync(scope, channel, mark, stop);
    }

    /// <summary>How they are now.</summary>
    public async Task<string> MarkAsync(RequestScope scope, CancellationToken cancellationToken) => (await flows.ListAsync(scope.Backend, cancellationToken)).Mark;

    /// <summary>Tells of every change; returns only when it is stopped, or the store is away for too long.</summary>
    /// <param name="scope">Whose tools.</param>
    /// <param name="mark">What is known of them.</param>
    /// <param name="tellAsync">Tells.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(RequestScope scope, string mark, Func<CancellationToken, Task> tellAsync, CancellationToken cancellationToken)
    {
        var (seen, failures) = (0L, 0);
        while (failures < FailuresMax)
        {
            try
            {
                // Its mark is taken before the look: what changes meanwhile is looked at once more.
                seen = await (await scope.Backend.OpenAsync(cancellationToken)).Executions.WaitForChangeAsync(seen, cancellationToken);
                var now = await MarkAsync(scope, cancellationToken);
                if (now != mark)
                {
                    mark = now;
                    await tellAsync(cancellationToken);
                }
                failures = 0;
            }
            catch (KitaruException)
            {
                // The store is away for a moment.
                (seen, failures) = (0, failures + 1);
            }
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task TellAsync(RequestScope scope, SessionChannel channel, string mark, CancellationTokenSource stop)
    {
        try
        {
            await Task.Yield();
            await RunAsync(scope, mark, token => channel.SendAsync(new JsonRpcNotification { Method = NotificationMethods.ToolListChangedNotification }, token), stop.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The session is over.
        }
        finally
        {
            channel.ForgetTools(stop);
        }
    }

    private SessionChannel ChannelOf(MessageContext request)
    {
        if (SessionChannel.Of(request) is { } channel)
            return channel;
        lock (_gate)
            return _only ??= new SessionChannel(request.Server.SendMessageAsync, CancellationToken.None);
    }
}
