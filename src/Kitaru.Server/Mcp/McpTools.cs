using Kitaru.Client.Connection;
using Kitaru.Client.Status;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Resources;
using Kitaru.Mcp.Tasks;
using Kitaru.Mcp.Tools;
using Kitaru.Server.Hosting;
using Kitaru.Server.Mcp.Streaming;
using Kitaru.Server.Projects;
using Kitaru.Server.Requests;
using ModelContextProtocol.Server;
using JsonRpcMessage = ModelContextProtocol.Protocol.JsonRpcMessage;

namespace Kitaru.Server.Mcp;

/// <summary>The tools on this server: each request works on its project's store, in this process, with the rights of its principal.</summary>
internal sealed class McpTools
{
    private const string Key = "kitaru.scope";

    private readonly ServerOptions _options;
    private readonly IProjectStores _stores;
    private readonly ILogger<McpTools> _log;
    private readonly ToolHandler _tools;

    public McpTools(ServerOptions options, IProjectStores stores, ILogger<McpTools> log)
    {
        (_options, _stores, _log) = (options, stores, log);
        _tools = new ToolHandler(ScopeOf, TimeProvider.System, Diagnose);
    }

    public StreamingService Service(CancellationToken stopping) => new()
    {
        Options = context => ServerFactory.Options(_tools, PolicyOf(context)).WithTasks(ScopeOf, TimeProvider.System, Diagnose),
        Owner = context => $"{Call.Of(context).Principal.Name}\n{Call.Of(context).Project.Id}",
        Attach = (context, items) => items[Key] = new Lazy<RequestScope>(MakeScope(context)),
        Begin = session => session.Items[SessionChannel.Key] = new SessionChannel(session.Transport.SendMessageAsync, session.Ended),
        Stopping = stopping,
    };

    /// <summary>The scope of a request, for every handler of this server.</summary>
    public static RequestScope ScopeOf(MessageContext request) => ScopeOf(request.JsonRpcMessage);

    /// <summary>The scope of a message, for what hangs in without a context.</summary>
    public static RequestScope ScopeOf(JsonRpcMessage message) => message.Context?.Items?[Key] is Lazy<RequestScope> scope
        ? scope.Value
        : throw new InvalidOperationException("The request came without a scope.");

    /// <summary>Everything is taken from the HTTP request now: the work may outlive it.</summary>
    private Func<RequestScope> MakeScope(HttpContext context)
    {
        var (call, policy, url, trace) = (Call.Of(context), PolicyOf(context), $"{context.Request.Scheme}://{context.Request.Host}", context.TraceIdentifier);
        return () => new RequestScope(Backend.Over(ClientOf(call, url)), policy, call.Principal.Name) { SealingSecret = _options.Mcp.SealingSecret, Disguise = _options.IsLocal ? null : fault => Disguise(fault, trace) };
    }

    private KitaruClient ClientOf(Call call, string url)
    {
        var directory = _stores.DirectoryOf(call.Project);
        return KitaruClient.Over(call.Store, new KitaruClientOptions
        {
            ConfigPath = directory.Root,
            WorkingDirectory = directory.Root,
            Principal = call.Principal.Name,
            // The settings of the server's own environment are nobody else's.
            Environment = _ => null,
            IsForOthers = !_options.IsLocal,
            Connected = new ConnectionReport(
                new ConnectionSettings { Kind = _options.IsLocal ? ConnectionKind.LocalServer : ConnectionKind.RemoteServer, ServerUrl = _options.Mcp.PublicUrl ?? url, Project = call.Project.Name },
                new ServerIdentity(KitaruServer.Version, _stores.Database, _options.IsLocal ? "local" : "shared", null),
                new ServerUser(call.Principal.Name, call.Project.Id.ToString(), call.Project.Name), null),
        });
    }

    /// <summary>The operator's policy, and what the principal may do, and what the client itself does without.</summary>
    private ToolPolicy PolicyOf(HttpContext context)
    {
        var call = Call.Of(context);
        var policy = _options.Mcp.Policy with { Has = _options.IsLocal ? ToolNeeds.Sources : ToolNeeds.Store };
        if (call.Principal.RoleIn(call.Project.Id) is not { } role || role < Role.Member)
            policy = policy with { ReadOnlyBecause = policy.ReadOnlyBecause ?? $"'{Texts.Short(call.Principal.Name, 80)}' has the role viewer in this project, which only reads." };
        return ClientWishes.Apply(context.Request, policy);
    }

    private KitaruException Disguise(KitaruBackendException fault, string trace)
    {
        _log.LogError(fault, "A tool failed in request {RequestId}.", trace);
        return ErrorMiddleware.StoreFailed(trace);
    }

    private void Diagnose(string line) => _log.LogError("{Line}", line);
}
