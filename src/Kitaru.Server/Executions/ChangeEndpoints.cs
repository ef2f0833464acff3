using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Executions;

/// <summary>
/// Waiting for changes. A mark is good for one project at one instance of the server; any other mark is answered at once, because nobody can say what has happened since.
/// </summary>
internal static class ChangeEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static void MapChanges(this IEndpointRouteBuilder api) =>
        api.MapGet("/changes", WaitAsync).RequireRole(Role.Viewer, WorkerRule.Any).WithTags("executions")
            .WithSummary("Answers when something may have changed after the mark, after 25 seconds with the same mark at the latest; with work=true, when a worker may have something to do.");

    private static async Task<ChangeBody> WaitAsync(Call call, ServerInstance instance, string? after, bool? work, CancellationToken stop)
    {
        var prefix = $"{instance.Id}.{call.Project.Id.Value:N}.{(work == true ? "work." : "")}";
        var seen = after is not null && after.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(after.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, instance.Stopping);
        limit.CancelAfter(Patience);
        try
        {
            var mark = work == true ? call.Plane.Workers.WaitForWorkAsync(seen, limit.Token) : call.Plane.Executions.WaitForChangeAsync(seen, limit.Token);
            return new ChangeBody(prefix + (await mark).ToString(CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ChangeBody(after ?? prefix + "0");
        }
    }
}
