using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Server.Access;
using Kitaru.Server.Projects;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Deployments;

/// <summary>Starting executions of deployed flows: by tag or version, or pinned to one deployment by its id (platform.md 1.10).</summary>
internal static class InvocationEndpoints
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    public static void MapInvocations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/flows/{flow}/invoke", (Call call, HttpResponse response, IProjectStores stores, string flow, int? version, string? tag, InvokeBody? body, CancellationToken stop) =>
                InvokeAsync(call, response, stores, Uri.UnescapeDataString(flow), version, tag, body ?? new InvokeBody(), stop))
            .RequireRole(Role.Member).WithTags("invocations").WithSummary("Starts the version a tag or number leads to, without either the one tagged default.");
        api.MapPost("/pipeline_snapshots/{deployment}/runs", async (Call call, HttpResponse response, IProjectStores stores, Guid deployment, RunBody? body, CancellationToken stop) =>
            {
                var found = await FindAsync(call, new DeploymentId(deployment), stop);
                return await InvokeAsync(call, response, stores, found.Flow, found.Version, null, new InvokeBody { Inputs = body?.RunConfiguration?.Parameters }, stop);
            })
            .RequireRole(Role.Member).WithTags("invocations").WithSummary("Starts exactly this deployment.");
    }

    private static async Task<JsonObject> InvokeAsync(Call call, HttpResponse response, IProjectStores stores, string flow, int? version, string? tag, InvokeBody body, CancellationToken cancellationToken)
    {
        if (body.WaitSeconds is < 0 or > 60)
            throw new KitaruUsageException($"wait_seconds must be from 0 to {WaitMax.TotalSeconds:0}; it is {body.WaitSeconds}.", "Leave it out, and follow the execution with /events.");
        var options = new KitaruClientOptions { ConfigPath = stores.DirectoryOf(call.Project).Root, Principal = call.Principal.Name, Environment = _ => null };
        await using var client = KitaruClient.Over(call.Plane, options);
        var started = await client.Deployments.InvokeSelectedAsync(flow, version, tag, body.Inputs, new InvokeOptions { Tags = body.Tags ?? [] }, cancellationToken);
        if (body.WaitSeconds is > 0)
            await WaitAsync(call.Store, started.Id, TimeSpan.FromSeconds(body.WaitSeconds.Value), cancellationToken);
        var json = await ExecutionJson.FullAsync(await call.Store.Executions.GetAsync(started.Id, cancellationToken), call.Store.Artifacts, cancellationToken);
        json.Insert(0, "id", started.Id.ToString());
        response.StatusCode = StatusCodes.Status201Created;
        return json;
    }

    /// <summary>Until it has ended or asks for input, or the time is over: then it goes on alone.</summary>
    private static async Task WaitAsync(IControlPlane store, ExecutionId id, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        try
        {
            long seen = 0;
            while (true)
            {
                seen = await store.Executions.WaitForChangeAsync(seen, limit.Token);
                if (await store.Executions.FindAsync(id, limit.Token) is not { } now || StatusWords.IsEnd(now.Status) || now.Status == ExecutionStatus.Waiting)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its present state is the answer.
        }
    }

    private static async Task<DeploymentRecord> FindAsync(Call call, DeploymentId id, CancellationToken cancellationToken)
    {
        var query = new DeploymentQuery { Limit = 1000 };
        while (true)
        {
            var page = await call.Plane.Deployments.ListAsync(query, cancellationToken);
            if (page.Items.FirstOrDefault(deployment => deployment.Id == id) is { } found)
                return found;
            if (page.NextCursor is null)
                throw Missing.Of("deployment", $"There is no deployment {id}.", "List deployments to see their ids: GET /api/v1/deployments.");
            query = query with { Cursor = page.NextCursor };
        }
    }
}

/// <summary>What an invocation is given.</summary>
internal sealed record InvokeBody
{
    public JsonObject? Inputs { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Wait so long for the end, up to 60 seconds, and answer the execution as it is then.</summary>
    public double? WaitSeconds { get; init; }
}

/// <summary>The contract's shape of the same.</summary>
internal sealed record RunBody(RunConfiguration? RunConfiguration = null);

internal sealed record RunConfiguration(JsonObject? Parameters = null);
