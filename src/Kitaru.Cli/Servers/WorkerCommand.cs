using System.Globalization;
using Kitaru.Cli.Commands;
using Kitaru.Core.Configuration;

namespace Kitaru.Cli.Servers;

/// <summary>kitaru worker.</summary>
internal static class WorkerCommand
{
    public static LeafCommand Create()
    {
        var concurrency = CommonOptions.Number("--concurrency", "Executions at once in each worker process; else 16.", 1);
        var flows = CommonOptions.Texts("--flow-concurrency", "FLOW=N", "Executions of this flow at once in each worker process.");
        var idle = CommonOptions.Number("--idle-seconds", "How long a worker process stays without work; else 60.", 0, 24 * 60 * 60);
        return new LeafCommand(
            "worker", "Works for a server in the foreground: runs its executions on this machine. Without a server none is needed.", "kitaru worker --concurrency 4",
            (call, cancellationToken) => ForegroundProgram.RunAsync(
                call, Path.Combine(ConnectionVariables.Read(call.Host.Environment, "KITARU_WORKER_PATH") ?? Path.Combine(call.Host.ProgramFolder, "worker"), "Kitaru.Worker.dll"),
                [
                    .. new[] { concurrency, idle }.Where(call.IsGiven).SelectMany(option => (string[])[option.Name, call.Get(option)!.Value.ToString(CultureInfo.InvariantCulture)]),
                    .. (call.Get(flows) ?? []).SelectMany(flow => (string[])["--flow-concurrency", flow]),
                ],
                cancellationToken))
        {
            concurrency,
            flows,
            idle,
        };
    }
}
