using Kitaru.Core;
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
            _ => true,
        };
        if (!isAllowed)
            throw Denied();
    }

    public static async Task CheckHoldsAsync(HttpContext context, Call call)
    {
        var execution = await call.Store.Executions.FindAsync(ExecutionId.Parse((string)context.GetRouteValue("id")!), context.RequestAborted);
        if (execution?.Owner != call.Principal.Worker!.Worker)
            throw Denied();
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

    public static KitaruAccessDeniedException Denied() => new("A worker's token reaches only its own executions.", "Register the worker again, and use the token it is given.");
}
