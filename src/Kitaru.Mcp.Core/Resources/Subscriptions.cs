using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Flows;
using Kitaru.Mcp.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Resources;

/// <summary>Change notifications in both eras: a stream per subscription from 2026-07-28 on, before that subscriptions of a session.</summary>
internal sealed class Subscriptions(Func<MessageContext, RequestScope> scopeOf, ToolListChanges tools, TimeProvider time, Action<string> diagnose)
{
    private readonly WatchLimits _limits = new();
    private readonly Lock _gate = new();
    private SessionChannel? _only;

    /// <summary>Tells on the request's own stream until everything has ended or the client goes.</summary>
    public async Task<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = scopeOf(request);
        var wanted = (request.Params?.Notifications?.ResourceSubscriptions ?? []).Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Count > WatchLimits.UrisMax)
            throw new KitaruUsageException($"The subscription names {wanted.Count} resources; {WatchLimits.UrisMax} are allowed.", "Listen to fewer, or to some of them with another request.");
        _limits.Enter(OwnerOf(scope));
        try
        {
            var watch = new Watch(scope, time);
            foreach (var uri in wanted)
                await TryAddAsync(watch, uri, cancellationToken);
            var isToldOfTools = request.Params?.Notifications?.ToolsListChanged == true && FlowTools.AreOn(scope.Policy);
            // Before it is granted, so that whatever changes from there on is told.
            var mark = isToldOfTools ? await tools.MarkAsync(scope, cancellationToken) : null;
            var granted = new SubscriptionsListenNotifications { ToolsListChanged = isToldOfTools ? true : null, ResourceSubscriptions = watch.Uris.Count == 0 ? null : [.. watch.Uris] };
            await SendAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, new SubscriptionsAcknowledgedNotificationParams { Notifications = granted }, cancellationToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, scope.Ended);
            var watching = watch.RunAsync(
                (uri, stop) => SendAsync(request, NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, stop), either.Token);
            var listing = isToldOfTools
                ? tools.RunAsync(scope, mark!, stop => SendAsync(request, NotificationMethods.ToolListChangedNotification, new ToolListChangedNotificationParams(), stop), either.Token)
                : Task.CompletedTask;
            try
            {
                await (await Task.WhenAny(watching, listing));
                await Task.WhenAll(watching, listing);
            }
            catch (OperationCanceledException) when (scope.Ended.IsCancellationRequested)
            {
                // Nobody hears the answer.
            }
            finally
            {
                // Whichever failed takes the other one along.
                await either.CancelAsync();
                await Task.WhenAll(watching, listing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            return new EmptyResult();
        }
        finally
        {
            _limits.Leave(OwnerOf(scope));
        }
    }

    /// <summary>Tells the session from now on until the resource has ended or the session goes.</summary>
    public async Task<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        var (scope, uri, channel) = (scopeOf(request), request.Params?.Uri ?? "", ChannelOf(request));
        var watch = new Watch(scope, time);
        if (!await watch.TryAddAsync(uri, cancellationToken))
            throw new KitaruUsageException($"{Texts.Short(uri)} never changes.", "Subscribe to an execution, its checkpoints, artifacts or logs, or to a deployed flow.");
        if (channel.Begin(uri, WatchLimits.UrisMax) is not { } stop)
            return new EmptyResult();
        try
        {
            _limits.Enter(OwnerOf(scope));
        }
        catch (KitaruStateException)
        {
            channel.Forget(uri, stop);
            throw;
        }
        _ = TellAsync(scope, watch, channel, uri, stop);
        return new EmptyResult();
    }

    public Task<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request)
    {
        ChannelOf(request).Stop(request.Params?.Uri ?? "");
        return Task.FromResult(new EmptyResult());
    }

    private async Task TellAsync(RequestScope scope, Watch watch, SessionChannel channel, string uri, CancellationTokenSource stop)
    {
        try
        {
            await Task.Yield();
            await watch.RunAsync((changed, token) => channel.SendAsync(Notification(NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = changed }), token), stop.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The session is over, or it has unsubscribed.
        }
        catch (Exception fault)
        {
            diagnose($"watching {Texts.Short(uri)} ended: {fault}");
        }
        finally
        {
            channel.Forget(uri, stop);
            _limits.Leave(OwnerOf(scope));
        }
    }

    /// <summary>What does not exist, does not change or is not offered is left out of what is granted.</summary>
    private static async Task TryAddAsync(Watch watch, string uri, CancellationToken cancellationToken)
    {
        try
        {
            await watch.TryAddAsync(uri, cancellationToken);
        }
        catch (KitaruException fault) when (fault is KitaruNotFoundException or not KitaruBackendException)
        {
            // The acknowledgement says so.
        }
    }

    private SessionChannel ChannelOf(MessageContext request)
    {
        if (SessionChannel.Of(request) is { } channel)
            return channel;
        lock (_gate)
            return _only ??= new SessionChannel(request.Server.SendMessageAsync, CancellationToken.None);
    }

    private static Task SendAsync<T>(RequestContext<SubscriptionsListenRequestParams> request, string method, T parameters, CancellationToken cancellationToken)
    {
        var notification = Notification(method, parameters);
        notification.Params!["_meta"] = new JsonObject
        {
            [MetaKeys.SubscriptionId] = request.JsonRpcRequest.Id.Id switch
            {
                string text => JsonValue.Create(text),
                long number => JsonValue.Create(number),
                _ => null,
            },
        };
        return request.Server.SendMessageAsync(notification, cancellationToken);
    }

    private static JsonRpcNotification Notification<T>(string method, T parameters) =>
        new() { Method = method, Params = JsonSerializer.SerializeToNode(parameters, McpJsonUtilities.DefaultOptions) };

    private static string OwnerOf(RequestScope scope) => scope.Principal ?? "";
}
