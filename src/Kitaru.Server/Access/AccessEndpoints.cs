using Kitaru.ControlPlane.Access;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Access;

/// <summary>Projects, service accounts, API keys, tokens. Answers with something secret in them are not to be kept on the way.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder api)
    {
        MapProjects(api.MapGroup("/projects").WithTags("projects"));
        MapAccounts(api.MapGroup("/service_accounts").WithTags("service accounts"));
        MapKeys(api.MapGroup("/service_accounts/{account}/api_keys").WithTags("service accounts"));
        MapTokens(api);
    }

    private static void MapProjects(RouteGroupBuilder group)
    {
        group.MapGet("", async (ServerCall call, ServerAccess server, CancellationToken stop) =>
                new ListBody<Project>([.. (await server.Access.ListProjectsAsync(stop)).Where(project => call.Principal.RoleIn(project.Id) is not null)]))
            .RequireOnServer(Role.Viewer).WithSummary("The projects there are for the caller, by name.");
        group.MapGet("/{project}", async (ServerCall call, ServerAccess server, string project, CancellationToken stop) =>
                await server.Access.FindProjectAsync(project, stop) is { } found && call.Principal.RoleIn(found.Id) is not null
                    ? found
                    : throw Missing.Of("project", $"There is no project '{Texts.Short(project, 80)}'."))
            .RequireOnServer(Role.Viewer).WithSummary("One project.");
        group.MapPost("", (ServerAccess server, NewProject body, CancellationToken stop) => server.Access.CreateProjectAsync(body, stop))
            .RequireOnServer(Role.Admin).WithSummary("Makes a project.");
        group.MapPatch("/{project}", (ServerAccess server, string project, ProjectChange body, CancellationToken stop) => server.Access.UpdateProjectAsync(project, body, stop))
            .RequireOnServer(Role.Admin).WithSummary("Changes what is said of a project.");
        group.MapDelete("/{project}", (ServerAccess server, string project, CancellationToken stop) => server.Access.DeleteProjectAsync(project, stop))
            .RequireOnServer(Role.Admin).WithSummary("Deletes a project with everything in it.");
    }

    private static void MapAccounts(RouteGroupBuilder group)
    {
        group.MapGet("", (ServerAccess server, string? name, bool? active, int? page, int? size, CancellationToken stop) => server.Access.ListAccountsAsync(Query(name, active, page, size), stop))
            .RequireOnServer(Role.Admin).WithSummary("Service accounts, by name.");
        group.MapGet("/{account}", (ServerAccess server, string account, CancellationToken stop) => server.Access.GetAccountAsync(account, stop))
            .RequireOnServer(Role.Admin).WithSummary("One service account.");
        group.MapPost("", (ServerAccess server, NewServiceAccount body, CancellationToken stop) => server.Access.CreateAccountAsync(body, stop))
            .RequireOnServer(Role.Admin).WithSummary("Makes a service account.");
        group.MapPatch("/{account}", (ServerAccess server, string account, ServiceAccountChange body, CancellationToken stop) =>
                server.ChangedAsync(server.Access.UpdateAccountAsync(account, body, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Changes a service account.");
        group.MapDelete("/{account}", (ServerAccess server, string account, CancellationToken stop) => server.ChangedAsync(server.Access.DeleteAccountAsync(account, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Deletes a service account with its keys.");
        group.MapPut("/{account}/roles/{project}", (ServerAccess server, string account, string project, RoleBody body, CancellationToken stop) =>
                server.ChangedAsync(server.Access.SetRoleAsync(account, project, body.Role, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Says what it may do in a project.");
        group.MapDelete("/{account}/roles/{project}", (ServerAccess server, string account, string project, CancellationToken stop) =>
                server.ChangedAsync(server.Access.SetRoleAsync(account, project, null, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Takes its role in a project away.");
    }

    private static void MapKeys(RouteGroupBuilder group)
    {
        group.MapGet("", (ServerAccess server, string account, string? name, bool? active, int? page, int? size, CancellationToken stop) =>
                server.Access.ListKeysAsync(account, Query(name, active, page, size), stop))
            .RequireOnServer(Role.Admin).WithSummary("Its keys, by name.");
        group.MapGet("/{key}", (ServerAccess server, string account, string key, CancellationToken stop) => server.Access.GetKeyAsync(account, key, stop))
            .RequireOnServer(Role.Admin).WithSummary("One key, without its secret.");
        group.MapPost("", (HttpResponse response, ServerAccess server, string account, NewApiKey body, CancellationToken stop) =>
                NotKept(response, server.Access.CreateKeyAsync(account, body, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Makes a key; its secret is shown this once.");
        group.MapPatch("/{key}", (ServerAccess server, string account, string key, ApiKeyChange body, CancellationToken stop) =>
                server.ChangedAsync(server.Access.UpdateKeyAsync(account, key, body, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Changes a key.");
        group.MapPost("/{key}/rotate", (HttpResponse response, ServerAccess server, string account, string key, RotateBody body, CancellationToken stop) =>
                NotKept(response, server.ChangedAsync(server.Access.RotateKeyAsync(account, key, body.RetainMinutes, stop))))
            .RequireOnServer(Role.Admin).WithSummary("Gives a key another secret, shown this once.");
        group.MapDelete("/{key}", (ServerAccess server, string account, string key, CancellationToken stop) => server.ChangedAsync(server.Access.DeleteKeyAsync(account, key, stop)))
            .RequireOnServer(Role.Admin).WithSummary("Deletes a key.");
    }

    private static void MapTokens(IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/token", (ServerCall call, HttpResponse response, ServerAccess server) => NotKept(response, Task.FromResult(server.Credentials.IssueAccess(call.Principal))))
            .RequireOnServer(Role.Viewer).WithTags("server").WithSummary("A token for an hour with the caller's own rights.");
        api.MapPost("/workers/{worker}/token", (Call call, HttpResponse response, ServerAccess server, Guid worker, WorkerTokenBody body) =>
            {
                var kind = new WorkerKind(body.Snapshot, body.Environment);
                WorkerAccess.CheckKind(call, kind, body.Execution);
                return NotKept(response, Task.FromResult(server.Credentials.IssueWorker(call.Principal, new WorkerScope(call.Project.Id, new WorkerId(worker), kind, body.Execution))));
            })
            .RequireRole(Role.Member, WorkerRule.Itself).WithTags("workers").WithSummary("A worker's own token for an hour: it reaches only the executions this worker holds.");
    }

    private static async Task<T> NotKept<T>(HttpResponse response, Task<T> secret)
    {
        response.Headers.CacheControl = "no-store";
        return await secret;
    }

    private static AccessQuery Query(string? name, bool? active, int? page, int? size) => new() { Name = name, IsActive = active, Page = page ?? 1, Size = size ?? 20 };
}
