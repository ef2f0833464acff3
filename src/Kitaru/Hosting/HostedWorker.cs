using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kitaru.Hosting;

/// <summary>Works on the program's flows from its start to its stop. A store or server that is not there yet is tried again.</summary>
internal sealed partial class HostedWorker(KitaruClient client, ILogger<HostedWorker> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await client.StopHostAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await client.RecoverAsync(stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (KitaruBackendException fault)
            {
                NotYet(logger, fault.Message, fault.NextStep, pause.TotalSeconds);
            }
            await Task.Delay(pause, client.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Kitaru cannot work on this program's flows yet: {Message} {NextStep} Trying again in {Seconds} s.")]
    private static partial void NotYet(ILogger logger, string message, string? nextStep, double seconds);
}
