using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Access;

/// <summary>What a worker's own credential reaches: itself, and the executions it holds.</summary>
internal static class WorkerAccess
{
    public static void CheckScope(HttpContext context, AccessRule rule, WorkerScope worker, Project project)
    {
        var isAllowed = worker.Project == project.Id && rule.Worker switch
        {
            WorkerRule.Never => false,
            WorkerRule.Itself => context.GetRouteValue("worker") is string id && id == worker.Worker.ToString(),
            WorkerRule.Holds or WorkerRule.Lease => context.GetRouteValue("id") is string execution && (worker.Execution is not { } only || execution == only.ToString()),
            WorkerRule.Kind => context.GetRouteValue("snapshot") is string snapshot
                ? snapshot == worker.Kind.Snapshot.Value
                : context.Request.Query["id"].ToString() == worker.Kind.Environment.Value,
            _ => true,
        };
        if (!isAllowed)
            throw Denied();
    }

    /// <summary>What only the store knows: it is asked each time, so that a lease that was lost ends the access at once.</summary>
    public static async Task CheckStoreAsync(HttpContext context, Call call)
    {
        var isAllowed = call.Rule.Worker switch
        {
            WorkerRule.Holds => await HoldsAsync(call, (string)context.GetRouteValue("id")!, context.RequestAborted),
            WorkerRule.Run => await HoldsAsync(call, Named(context), context.RequestAborted),
            WorkerRule.Secret => await HoldsAsync(call, Named(context), context.RequestAborted)
                || await IsOfEnvironmentAsync(call, context.Request.Query["name"].ToString(), context.RequestAborted),
            _ => true,
        };
        if (!isAllowed)
            throw call.Rule.Worker == WorkerRule.Holds ? Denied() : NotHeld(Named(context));
    }

    private static string Named(HttpContext context) => context.Request.Headers[WireHeaders.Execution].ToString();

    private static async Task<bool> HoldsAsync(Call call, string named, CancellationToken cancellationToken)
    {
        var worker = call.Principal.Worker!;
        return ExecutionId.TryParse(named, out var id) && (worker.Execution is not { } only || id == only)
            && (await call.Store.Executions.FindAsync(id, cancellationToken))?.Owner == worker.Worker;
    }

    /// <summary>These are the worker's before it holds anything: its process starts with them.</summary>
    private static async Task<bool> IsOfEnvironmentAsync(Call call, string secret, CancellationToken cancellationToken)
    {
        try
        {
            var environment = await call.Store.Workers.GetEnvironmentAsync(call.Principal.Worker!.Kind.Environment, cancellationToken);
            return environment.Secrets.Contains(secret, StringComparer.Ordinal);
        }
        catch (KitaruNotFoundException)
        {
            // No execution was ever stored with it: it names nothing.
            return false;
        }
    }

    /// <summary>Whether the lease is one of the caller's; whether it still holds is the store's to say.</summary>
    public static void CheckLease(Call call, string execution, Lease lease)
    {
        if (lease.ExecutionId.ToString() != execution)
            throw new KitaruUsageException($"The lease is of execution {lease.ExecutionId}, the address names {Texts.Short(execution, 80)}.");
        CheckOwner(call, lease);
    }

    /// <summary>Whether the lease is one of the caller's.</summary>
    public static void CheckOwner(Call call, Lease lease)
    {
        if (call.Principal.Worker is { } worker && worker.Worker != lease.Owner)
            throw Denied();
    }

    /// <summary>Whether the caller may claim executions of this kind.</summary>
    public static void CheckKind(Call call, WorkerKind kind, ExecutionId? execution)
    {
        if (call.Principal.Worker is { } worker && (worker.Kind != kind || (worker.Execution is { } only && execution != only)))
            throw Denied();
    }

    private static KitaruAccessDeniedException NotHeld(string named) => new(
        named.Length == 0 ? $"A worker's token needs the header {WireHeaders.Execution}, with an execution that the worker holds." : $"The worker does not hold execution '{Texts.Short(named, 80)}'.",
        "Ask for an execution while it is held; one that was lost is somebody else's to run.")
    {
        Details = new JsonObject { [WireHeaders.NotHeld] = Texts.Short(named, 80) },
    };

    public static KitaruAccessDeniedException Denied() => new("A worker's token reaches only its own executions.", "Register the worker again, and use the token it is given.");
}
