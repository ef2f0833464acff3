using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Journal;

/// <summary>What the holder of a lease writes. The store refuses whoever is not the holder.</summary>
internal static class JournalEndpoints
{
    public static void MapJournal(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/executions/{id}/journal").WithTags("journal");
        group.MapPost("/entries", (Call call, string id, EntryBody body, CancellationToken stop) => WriteAsync(call, id, body.Lease, journal => journal.AppendAsync(body.Lease, body.Entry, stop)))
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Commits one completion.");
        group.MapPost("/attempts", (Call call, string id, AttemptBody body, CancellationToken stop) => WriteAsync(call, id, body.Lease, journal => journal.AppendAttemptAsync(body.Lease, body.Attempt, stop)))
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Commits an attempt that did not end its call.");
        group.MapPost("/waits", (Call call, string id, OpenWaitBody body, CancellationToken stop) =>
            {
                WorkerAccess.CheckLease(call, id, body.Lease);
                return call.Plane.Journal.OpenWaitAsync(body.Lease, body.Wait, stop);
            })
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Makes a wait visible.");
        group.MapPost("/running", (Call call, string id, AnnounceBody body, CancellationToken stop) => WriteAsync(call, id, body.Lease, journal => journal.AnnounceAsync(body.Lease, body.Calls, stop)))
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Says which calls run right now.");
        group.MapPost("/release", (Call call, string id, ReleaseBody body, CancellationToken stop) => WriteAsync(call, id, body.Lease, journal => journal.ReleaseAsync(body.Lease, body.Release, stop)))
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Lets go without ending.");
        group.MapPost("/finish", (Call call, string id, FinishBody body, CancellationToken stop) => WriteAsync(call, id, body.Lease, journal => journal.FinishAsync(body.Lease, body.Outcome, stop)))
            .RequireRole(Role.Member, WorkerRule.Lease).WithSummary("Ends the execution.");
        api.MapGet("/cached_results/{key}", (Call call, string key, CancellationToken stop) => call.Plane.Journal.FindCachedAsync(KeyOf(key), stop).OrThrowAsync("cached_result", key))
            .RequireRole(Role.Member, WorkerRule.Run).WithTags("journal").WithSummary("The newest result that was recorded under a cache key.");
    }

    private static async Task<IResult> WriteAsync(Call call, string id, Lease lease, Func<IJournal, Task> write)
    {
        WorkerAccess.CheckLease(call, id, lease);
        await write(call.Plane.Journal);
        return Results.NoContent();
    }

    private static byte[] KeyOf(string key)
    {
        try
        {
            return Convert.FromHexString(key);
        }
        catch (FormatException)
        {
            throw new KitaruUsageException($"'{Texts.Short(key, 80)}' is not a cache key: expected hex digits.");
        }
    }
}
