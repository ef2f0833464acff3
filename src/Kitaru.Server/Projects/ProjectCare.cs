using Kitaru.ControlPlane.Access;
using Kitaru.ControlPlane.Maintenance;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;

namespace Kitaru.Server.Projects;

/// <summary>
/// Looks after every project's store while the server runs: dead workers lose their executions, old executions and files that nobody needs go. The local server starts workers
/// too. Several servers may do it at once.
/// </summary>
internal sealed class ProjectCare(ServerOptions options, IProjects projects, ServerAccess access, IProjectStores stores, ILogger<ProjectCare> log) : BackgroundService
{
    /// <summary>What this server makes and deletes it sees at once; a project of another replica is that one's to look after meanwhile.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks, when much is made at once.</summary>
    private static readonly TimeSpan LookMin = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ReapMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ProjectId, (Task Care, CancellationTokenSource Stop)> _cared = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long seen = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var present = await projects.ListAsync(stoppingToken);
                foreach (var deleted in _cared.Keys.Except(present.Select(project => project.Id)).ToList())
                    await EndAsync(deleted);
                foreach (var project in present.Where(project => !_cared.TryGetValue(project.Id, out var cared) || cared.Care.IsCompleted).ToList())
                {
                    await EndAsync(project.Id);
                    var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    _cared[project.Id] = (CareAsync(project, stop.Token), stop);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning("The projects could not be listed: {Message}", error.Message);
            }
            seen = await WaitAsync(seen, stoppingToken);
        }
        foreach (var id in _cared.Keys.ToList())
            await EndAsync(id);
    }

    /// <summary>Care that ended because its store could not be opened begins again with the next look.</summary>
    private async Task<long> WaitAsync(long seen, CancellationToken stoppingToken)
    {
        await Task.Delay(LookMin, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(LookMax);
        try
        {
            return await access.WaitForOwnChangeAsync(seen, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return seen;
        }
    }

    private async Task EndAsync(ProjectId id)
    {
        if (!_cared.Remove(id, out var cared))
            return;
        await cared.Stop.CancelAsync();
        await cared.Care.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cared.Stop.Dispose();
    }

    private async Task CareAsync(Project project, CancellationToken cancellationToken)
    {
        try
        {
            var store = await stores.OpenAsync(project, cancellationToken);
            if (options.IsLocal)
                await RunStackAsync(project, store, cancellationToken);
            else
                await Task.WhenAll(ReapAsync(store, cancellationToken), Maintenance(project, store).RunAsync(cancellationToken));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning("The store of project {Project} cannot be looked after: {Message}", project.Name, error.Message);
            // Its store may be away for a while; who asks for it is told by himself.
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunStackAsync(Project project, IControlPlane store, CancellationToken cancellationToken)
    {
        await using var stack = new LocalStack(store, stores.DirectoryOf(project), LocalStackOptions.FromEnvironment(Environment.GetEnvironmentVariable) with { Logger = log });
        await stack.RunAsync(cancellationToken);
    }

    private async Task ReapAsync(IControlPlane store, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await store.Workers.ReapAsync(dead: null, cancellationToken);
            }
            catch (KitaruException error)
            {
                log.LogWarning("Dead workers could not be looked for: {Message}", error.Message);
            }
            // Often enough that a takeover takes less than two leases.
            var pause = store.Workers.LeaseDuration / 4;
            await Task.Delay(pause < ReapMax ? pause : ReapMax, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private StoreMaintenance Maintenance(Project project, IControlPlane store) =>
        new(store.Retention, stores.DirectoryOf(project), RetentionRules.FromEnvironment(Environment.GetEnvironmentVariable), TimeProvider.System, log);
}
