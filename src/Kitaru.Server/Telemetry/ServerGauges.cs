using System.Diagnostics.Metrics;
using Kitaru.Core;
using Kitaru.Server.Projects;

namespace Kitaru.Server.Telemetry;

/// <summary>How many executions stand where, and how many workers there are, in each project: looked at now and then, whoever asks how often.</summary>
internal sealed class ServerGauges : BackgroundService
{
    public const string MeterName = "Kitaru.Server";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly IProjects _projects;
    private readonly IProjectStores _stores;
    private readonly ILogger<ServerGauges> _log;
    private IReadOnlyList<Measurement<long>> _executions = [];
    private IReadOnlyList<Measurement<long>> _workers = [];

    public ServerGauges(IProjects projects, IProjectStores stores, IMeterFactory meters, ILogger<ServerGauges> log)
    {
        (_projects, _stores, _log) = (projects, stores, log);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("kitaru.executions", () => Volatile.Read(ref _executions), "{execution}", "Executions by project and status.");
        meter.CreateObservableGauge("kitaru.workers", () => Volatile.Read(ref _workers), "{worker}", "Workers by project.");
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var (executions, workers) = (new List<Measurement<long>>(), new List<Measurement<long>>());
        foreach (var project in await _projects.ListAsync(cancellationToken))
        {
            var store = await _stores.OpenAsync(project, cancellationToken);
            var counted = await store.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [new StatisticsGrouping(StatisticsDimension.Status)] }, cancellationToken);
            executions.AddRange(counted.Groups.Select(group => new Measurement<long>(
                group.ExecutionCount, new("kitaru.project", project.Name), new("kitaru.execution.status", group.Keys["status"]!.ToString()))));
            workers.Add(new Measurement<long>((await store.Workers.ListAsync(cancellationToken)).Count, new KeyValuePair<string, object?>("kitaru.project", project.Name)));
        }
        Volatile.Write(ref _executions, executions);
        Volatile.Write(ref _workers, workers);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (KitaruException error)
            {
                _log.LogDebug("Executions could not be counted: {Message}", error.Message);
            }
            await Task.Delay(Interval, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
