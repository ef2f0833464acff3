using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>
/// MCP over Streamable HTTP, for both eras at one address: versions up to 2025-11-25 have sessions, from 2026-07-28 on every request stands alone. Who calls was found out before.
/// </summary>
internal sealed class StreamableHttp(StreamingService service, Sessions sessions, StreamingLimits limits, TimeProvider time, ILoggerFactory logs)
{
    public const string SessionHeader = "Mcp-Session-Id";
    private const string Events = "text/event-stream";
    private const string Json = "application/json";

    /// <summary>A message of the client, and with it its answer.</summary>
    public Task PostAsync(HttpContext context) => GuardAsync(context, async stop =>
    {
        Accepts(context.Request, Json, Events);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !string.Equals(type.MediaType, Json, StringComparison.OrdinalIgnoreCase))
            throw new RpcException(StatusCodes.Status415UnsupportedMediaType, RpcException.ServerError, $"The body must be {Json}; it is '{Texts.Short(context.Request.ContentType ?? "nothing", 80)}'.");
        var envelope = await Envelope.ReadAsync(context.Request, limits, stop);
        try
        {
            var isStateless = HeaderCheck.IsStateless(context.Request, envelope);
            if (isStateless)
                HeaderCheck.Check(context.Request, envelope, tool => service.ToolSchema(context, tool));
            Attach(context, envelope.Message);
            if (isStateless)
                await AnswerAloneAsync(context, envelope, stop);
            else
                await AnswerInSessionAsync(context, envelope, stop);
        }
        catch (RpcException refused) when (!context.Response.HasStarted)
        {
            await refused.WriteAsync(context, envelope.Id);
        }
    });

    /// <summary>The stream on which a session's server says what nobody asked for.</summary>
    public Task GetAsync(HttpContext context) => GuardAsync(context, async stop =>
    {
        var session = SessionOf(context);
        Accepts(context.Request, Events);
        if (!session.TryListen())
            throw new RpcException(StatusCodes.Status409Conflict, RpcException.ServerError, "The session has such a stream already: one at a time.");
        session.Begin();
        try
        {
            BeginEvents(context, StatusCodes.Status200OK);
            await context.Response.Body.FlushAsync(stop);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, stop);
        }
        finally
        {
            session.StopListening();
            session.End();
        }
    });

    /// <summary>Ends a session.</summary>
    public Task DeleteAsync(HttpContext context) => GuardAsync(context, async _ =>
    {
        await sessions.EndAsync(SessionOf(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    private async Task GuardAsync(HttpContext context, Func<CancellationToken, Task> answer)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, service.Stopping);
        try
        {
            await answer(either.Token);
        }
        catch (RpcException refused) when (!context.Response.HasStarted)
        {
            await refused.WriteAsync(context, id: null);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client is gone, or the server stops: nobody is there to be answered.
        }
    }

    /// <summary>A server for this request only. A client that closes the stream cancels the call, and only that.</summary>
    private async Task AnswerAloneAsync(HttpContext context, Envelope envelope, CancellationToken cancellationToken)
    {
        if (!envelope.IsRequest)
        {
            // A notification of such a version is about nothing that is kept here.
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }
        envelope.Message.Context!.ProtocolVersion = envelope.StatedVersion;
        await using var transport = new StreamableHttpServerTransport(logs) { Stateless = true };
        await using var server = McpServer.Create(transport, service.Options(context), logs);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = server.RunAsync(stop.Token);
        try
        {
            await transport.HandlePostRequestAsync(envelope.Message, context.Response.Body, first => BeginAsync(context, first), stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await transport.DisposeAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerInSessionAsync(HttpContext context, Envelope envelope, CancellationToken cancellationToken)
    {
        var isNew = envelope.Method == RequestMethods.Initialize && string.IsNullOrEmpty(context.Request.Headers[SessionHeader]);
        var session = isNew ? await NewSessionAsync(context) : SessionOf(context);
        session.Begin();
        try
        {
            context.Response.Headers[SessionHeader] = session.Id;
            foreach (var (key, value) in session.Items)
                envelope.Message.Context!.Items![key] = value;
            if (!await session.Transport.HandlePostRequestAsync(envelope.Message, context.Response.Body, first => BeginAsync(context, first), cancellationToken) && !context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        finally
        {
            session.End();
        }
    }

    private async Task<Session> NewSessionAsync(HttpContext context)
    {
        var id = Sessions.NewId();
        var transport = new StreamableHttpServerTransport(logs) { SessionId = id };
        var session = new Session(id, service.Owner(context), transport, McpServer.Create(transport, service.Options(context), logs), time);
        service.Begin(session);
        try
        {
            await sessions.AddAsync(session);
        }
        catch (RpcException)
        {
            await session.DisposeAsync();
            throw;
        }
        session.Start();
        return session;
    }

    private Session SessionOf(HttpContext context)
    {
        if (string.CompareOrdinal(context.Request.Headers[HeaderCheck.Version], Envelope.FirstStateless) >= 0)
        {
            context.Response.Headers.Allow = "POST";
            throw new RpcException(StatusCodes.Status405MethodNotAllowed, RpcException.ServerError, $"From {Envelope.FirstStateless} on there are no sessions: only POST.");
        }
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0)
            throw new RpcException(StatusCodes.Status400BadRequest, RpcException.ServerError, $"The header {SessionHeader} is missing: send initialize first, and then what it answers there.");
        return sessions.Find(id, service.Owner(context))
            ?? throw new RpcException(StatusCodes.Status404NotFound, RpcException.ServerError, "There is no such session, or not any more: send initialize without one.");
    }

    private void Attach(HttpContext context, JsonRpcMessage message)
    {
        message.Context ??= new JsonRpcMessageContext();
        message.Context.User = context.User;
        message.Context.Items ??= new Dictionary<string, object?>(StringComparer.Ordinal);
        service.Attach(context, message.Context.Items);
    }

    private static ValueTask BeginAsync(HttpContext context, JsonRpcMessage? first)
    {
        BeginEvents(context, first is JsonRpcError { Error.Code: var code } ? StatusOf((McpErrorCode)code) : StatusCodes.Status200OK);
        return ValueTask.CompletedTask;
    }

    private static int StatusOf(McpErrorCode code) => code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };

    private static void BeginEvents(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Events;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers.ContentEncoding = "identity";
        // Proxies that collect an answer would keep it until it is over.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static void Accepts(HttpRequest request, params string[] types)
    {
        var accepted = request.Headers.Accept.SelectMany(line => (line ?? "").Split(',')).Select(item => item.Split(';')[0].Trim()).ToList();
        foreach (var type in types)
        {
            if (!accepted.Exists(item => item == "*/*" || item.Equals(type, StringComparison.OrdinalIgnoreCase) || item.Equals(type[..(type.IndexOf('/') + 1)] + "*", StringComparison.OrdinalIgnoreCase)))
                throw new RpcException(StatusCodes.Status406NotAcceptable, RpcException.ServerError, $"The header Accept must name {string.Join(" and ", types)}.");
        }
    }
}
