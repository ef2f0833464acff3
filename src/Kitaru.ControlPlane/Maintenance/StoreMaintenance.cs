using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>
/// Looks after a store once an hour: deletes executions that the rules let go, then whatever nobody needs. Of several processes with the same
/// store one does it.
/// </summary>
internal sealed partial class StoreMaintenance(IRetention retention, ConfigDirectory config, RetentionRules rules, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Whoever has just started has better things to do.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = FirstAfter;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
                pause = await TryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does what is due and says when to look again.</summary>
    public async Task<TimeSpan> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            ConfigDirectory.Ensure(Path.GetDirectoryName(config.MaintenanceMark)!);
            using var held = FileLock.TryAcquire(config.MaintenanceMark + ".lock");
            if (held is null)
                return Interval;
            var now = time.GetUtcNow();
            if (MaintenanceMark.Read(config) is { } last && last <= now && last + Interval > now)
                return last + Interval - now;
            await ApplyRulesAsync(cancellationToken).ConfigureAwait(false);
            var swept = (await retention.SweepAsync(cancellationToken).ConfigureAwait(false)).Total;
            if (swept.Count > 0)
                Said(logger, $"removed {swept.Count} files and folders that nothing needs any more ({swept.Bytes} bytes)");
            MaintenanceMark.Write(config, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left is done in an hour, here or elsewhere.
        }
        // Whatever it was: it is tried again in an hour, and nobody who runs executions is to suffer from it.
        catch (Exception error)
        {
            Problem(logger, error.Message);
        }
        return Interval;
    }

    private async Task ApplyRulesAsync(CancellationToken cancellationToken)
    {
        foreach (var (status, age) in rules.Ages)
        {
            var (deleted, bytes) = (0L, 0L);
            PruneResult result;
            do
            {
                result = await retention.PruneAsync(new PruneQuery { OlderThan = age, Statuses = [status], DryRun = false }, cancellationToken).ConfigureAwait(false);
                (deleted, bytes) = (deleted + result.Deleted, bytes + result.Bytes);
            }
            while (result is { Deleted: > 0, Remaining: > 0 });
            if (deleted > 0)
                Said(logger, $"{RetentionRules.Variable} {rules}: deleted {deleted} {PublicStatus.Word(status)} executions ({bytes} bytes)");
        }
    }

    [LoggerMessage(LogLevel.Information, "Maintenance: {What}")]
    private static partial void Said(ILogger logger, string what);

    [LoggerMessage(LogLevel.Warning, "Maintenance: {Message}")]
    private static partial void Problem(ILogger logger, string message);
}
