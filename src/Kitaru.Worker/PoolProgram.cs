using System.Globalization;
using Kitaru.Client.Connection;
using Kitaru.Client.Http;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Kitaru.Worker;

/// <summary>
/// The long-lived worker of a machine: runs executions of a server, in a process of its own for each code and environment. It is told to stop by SIGTERM or SIGINT; what runs then may
/// end its checkpoints, the rest goes to other machines.
/// </summary>
internal static class PoolProgram
{
    private const int BadUsage = 2;
    private const int CannotWork = 3;

    /// <summary>Longer than a worker takes to let its checkpoints end.</summary>
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(20);

    private const string Usage =
        """
        Works for a Kitaru server: runs its executions on this machine.

        Usage: kitaru-worker [--concurrency N] [--flow-concurrency FLOW=N]... [--idle-seconds N]

          --concurrency N            executions at once in each worker process (16)
          --flow-concurrency FLOW=N  executions of this flow at once in each worker process
          --idle-seconds N           how long a worker process stays without work (60)

        The server, a key of role member and the project come from KITARU_SERVER_URL, KITARU_AUTH_TOKEN and KITARU_PROJECT, or from a stored login.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return 0;
        }
        if (PoolArguments.TryParse(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync($"kitaru-worker: '{Texts.Short(string.Join(' ', args))}' is not understood.\n\n{Usage}");
            return BadUsage;
        }
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new StandardErrorLogger()));
        try
        {
            await WorkAsync(arguments, logging.CreateLogger("kitaru-worker"));
            return 0;
        }
        catch (KitaruException error)
        {
            await Console.Error.WriteLineAsync(string.Join(' ', new[] { "kitaru-worker:", error.Message, error.NextStep }.OfType<string>()));
            return CannotWork;
        }
    }

    private static async Task WorkAsync(PoolArguments arguments, ILogger logger)
    {
        using var stop = new StopSignals();
        await using var client = KitaruClient.Connect();
        var connection = client.ReadConnection();
        if (connection.Kind != ConnectionKind.RemoteServer)
        {
            throw new KitaruUsageException(
                "No server is named: on this machine alone, executions run without a kitaru-worker.", "Set KITARU_SERVER_URL, KITARU_AUTH_TOKEN and KITARU_PROJECT, or log in to a server.");
        }
        // The client's to close.
        var server = (HttpControlPlane)await ConnectAsync(client, logger, stop.Token);
        await using var stack = new LocalStack(server, client.Directory, LocalStackOptions.FromEnvironment(Environment.GetEnvironmentVariable) with
        {
            Concurrency = arguments.Concurrency,
            FlowConcurrency = arguments.FlowConcurrency,
            IdleTimeout = arguments.IdleTimeout,
            Worker = WorkerFiles.Beside(),
            Logger = logger,
            Server = new WorkerServer
            {
                Url = new Uri(connection.ServerUrl!),
                Project = connection.Project,
                AllowCleartext = ConnectionVariables.Read(Environment.GetEnvironmentVariable, ConnectionVariables.AllowHttp) is "1",
                IssueToken = async (worker, kind, cancellationToken) => (await server.IssueWorkerTokenAsync(worker, kind, execution: null, cancellationToken)).Token,
            },
        });
        await Console.Error.WriteLineAsync($"kitaru-worker: working for {connection.ServerUrl}{(connection.Project is { } project ? $", project {project}" : "")}.");
        await stack.RunAsync(stop.Token);
        await stack.StopWorkersAsync(DrainMax);
    }

    /// <summary>A server that is not there yet is waited for; one that refuses is not.</summary>
    private static async Task<IControlPlane> ConnectAsync(KitaruClient client, ILogger logger, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < TimeSpan.FromSeconds(30) ? pause * 2 : TimeSpan.FromSeconds(30))
        {
            try
            {
                return await client.OpenAsync(cancellationToken);
            }
            catch (KitaruBackendException error) when (error is not KitaruNotFoundException)
            {
                logger.LogWarning("{Message} Trying again in {Seconds} s.", error.Message, pause.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            }
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }
}

/// <summary>The command line of the long-lived worker.</summary>
internal sealed record PoolArguments(int Concurrency, IReadOnlyDictionary<string, int> FlowConcurrency, TimeSpan IdleTimeout)
{
    private const double IdleSecondsMax = 24 * 60 * 60;

    /// <summary>Null when they are not of this form.</summary>
    public static PoolArguments? TryParse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 != 0)
            return null;
        var given = arguments.Chunk(2).ToLookup(pair => pair[0], pair => pair[1]);
        if (given.Any(option => option.Key is not ("--concurrency" or "--flow-concurrency" or "--idle-seconds")))
            return null;
        return int.TryParse(Last("--concurrency", "16"), NumberStyles.None, CultureInfo.InvariantCulture, out var concurrency) && concurrency > 0
            && double.TryParse(Last("--idle-seconds", "60"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var idle) && idle <= IdleSecondsMax
            && FlowLimits.TryParse(given["--flow-concurrency"], out var limits)
                ? new PoolArguments(concurrency, limits, TimeSpan.FromSeconds(idle))
                : null;

        string Last(string name, string preset) => given[name].LastOrDefault(preset);
    }
}
