using System.Runtime.InteropServices;
using Kitaru.Cli.Running;

namespace Kitaru.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await CliRunner.RunAsync(args, CliHost.OfProcess(), stop.Token);

        void Stop(PosixSignalContext signal)
        {
            // The first asks, the second ends.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
