using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Projects;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Access;

/// <summary>Finds out who asks, in which project, and whether they may; behind it every request has a <see cref="Call"/>.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, IEnumerable<IAuthenticator> authenticators, IProjects projects, IProjectStores stores, Rates rates)
{
    private const string Scheme = "Bearer ";
    private const int TokenCharsMax = 4096;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            throw new KitaruNotFoundException("There is nothing at this address.", "The addresses are in /openapi/v1.json.");
        var rule = endpoint.Metadata.GetMetadata<AccessRule>();
        // What is no route of ours says that the method or the media type is wrong, and nothing else.
        if (rule is { Role: null } || (rule is null && endpoint is not RouteEndpoint))
        {
            await next(context);
            return;
        }
        var principal = await AuthenticateAsync(context) ?? throw new KitaruAuthenticationException(
            "The request has no valid token.", "Send 'Authorization: Bearer <token>' with a token of this server; with a Kitaru client set KITARU_AUTH_TOKEN or log in again.");
        if (rates.Check(principal) is { } busy)
        {
            await ErrorMiddleware.AnswerAsync(context, busy);
            return;
        }
        if (rule is { IsServerWide: true })
        {
            ServerCall.Check(context, rule, principal);
            await next(context);
            return;
        }
        if (rule?.Role is not { } needed)
            throw new KitaruAccessDeniedException("Nobody may call this.");
        var project = await FindProjectAsync(context, principal);
        var role = principal.RoleIn(project.Id);
        if (principal.Worker is { } worker)
            WorkerAccess.CheckScope(context, rule, worker, project);
        else if (role is null || role < needed)
            throw new KitaruAccessDeniedException($"'{Texts.Short(principal.Name, 80)}' has the role {Word(role)} in this project; this needs {Word(needed)}.", "Ask an administrator of the server for the role.");
        var call = new Call(await stores.OpenAsync(project, context.RequestAborted), principal, project, rule);
        if (principal.Worker is not null)
            await WorkerAccess.CheckStoreAsync(context, call);
        context.Features.Set(call);
        await next(context);
    }

    private async Task<Principal?> AuthenticateAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > TokenCharsMax)
            return null;
        var token = header[Scheme.Length..].Trim();
        foreach (var authenticator in token.Length == 0 ? [] : authenticators)
        {
            if (await authenticator.AuthenticateAsync(token, context.RequestAborted) is { } principal)
                return principal;
        }
        return null;
    }

    /// <summary>A project that is not theirs does not exist for them.</summary>
    private async Task<Project> FindProjectAsync(HttpContext context, Principal principal)
    {
        var header = context.Request.Headers[WireHeaders.Project].ToString();
        var wanted = header.Length > 0 ? WireHeaders.Unescape(header)
            : principal.Worker is { } worker ? worker.Project.ToString()
            : !principal.IsAdmin && principal.Projects.Count == 1 ? principal.Projects.Keys.First().ToString()
            : Project.DefaultName;
        var project = await projects.FindAsync(wanted, context.RequestAborted);
        if (project is not null && (principal.Worker?.Project == project.Id || (principal.Worker is null && principal.RoleIn(project.Id) is not null)))
            return project;
        throw Missing.Of("project", $"There is no project '{Texts.Short(wanted, 80)}'.", "Name one of yours with KITARU_PROJECT or the header Kitaru-Project.");
    }

    private static string Word(Role? role) => role?.ToString().ToLowerInvariant() ?? "none";
}
