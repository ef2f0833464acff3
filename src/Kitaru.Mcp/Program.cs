using System.Runtime.InteropServices;
using Kitaru.Client.Status;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp;

internal static class Program
{
    private const string Usage =
        """
        kitaru-mcp: the MCP server of Kitaru, on standard input and output.

        Usage: kitaru-mcp [--read-only] [--toolsets <names>] [--help | --version]

          --read-only          offer only tools that change nothing (KITARU_MCP_READ_ONLY=true)
          --toolsets <names>   offer only these, with commas: status, executions, replay, deployments, flows, stacks, secrets, storage (KITARU_MCP_TOOLSETS)

        Register it with an assistant, for example in .mcp.json:
          { "mcpServers": { "kitaru": { "command": "kitaru-mcp", "args": [] } } }
        """;

    private static async Task<int> Main(string[] args)
    {
        // From here on a stray Console.Write cannot damage the protocol: the transport alone holds the real standard output.
        var output = Console.Out;
        Console.SetOut(Console.Error);
        switch (args)
        {
            case ["--version"]:
                await output.WriteLineAsync(RuntimeSnapshots.LibraryVersion);
                return 0;
            case ["--help" or "-h"]:
                await output.WriteLineAsync(Usage);
                return 0;
            default:
                return await ServeAsync(args);
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        ToolPolicy policy;
        try
        {
            policy = ProgramArguments.Parse(args, Environment.GetEnvironmentVariable);
        }
        catch (KitaruUsageException fault)
        {
            await Console.Error.WriteLineAsync($"kitaru-mcp: {fault.Message} {fault.NextStep}\n\n{Usage}");
            return 1;
        }
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var client = KitaruClient.Connect();
        await using var backend = new Backend(client, controlPlane => new LocalStack(
            controlPlane, client.Directory, LocalStackOptions.FromEnvironment(Environment.GetEnvironmentVariable) with { Logger = new DiagnosticsLogger(Console.Error) }).Start());
        await using var output = Console.OpenStandardOutput();
        await using var transport = LineTransport.Over(Console.OpenStandardInput(), output);
        await using var server = ServerFactory.Create(transport, new RequestScope(backend, policy) { SealingSecret = Environment.GetEnvironmentVariable(EmbeddedOptions.SecretKeysVariable) }, TimeProvider.System, Console.Error);
        backend.Start();
        try
        {
            await server.RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
