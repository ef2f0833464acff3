using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>The command line between the local stack and the worker it starts.</summary>
internal sealed record WorkerArguments
{
    public required WorkerId Id { get; init; }

    public required ConfigDirectory Config { get; init; }

    public required SnapshotId Snapshot { get; init; }

    public EnvironmentId Environment { get; init; } = EnvironmentId.Plain;

    /// <summary>Who started it; when that process is gone, the worker ends as soon as it has no work.</summary>
    public required int ParentProcessId { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    public required int Concurrency { get; init; }

    /// <inheritdoc cref="LocalStackOptions.FlowConcurrency"/>
    public IReadOnlyDictionary<string, int> FlowConcurrency { get; init; } = new Dictionary<string, int>();

    /// <summary>The server it works for; null for the store of the config directory. Its token comes by <see cref="WorkerServer.TokenVariable"/>.</summary>
    public Uri? Server { get; init; }

    /// <inheritdoc cref="WorkerServer.Project"/>
    public string? Project { get; init; }

    /// <inheritdoc cref="WorkerServer.AllowCleartext"/>
    public bool AllowCleartext { get; init; }

    /// <summary>The file that takes the worker's raw standard output and error.</summary>
    public string OutputPath => WorkerOutput.PathOf(Config, Id);

    public IEnumerable<string> ToArguments() =>
    [
        "--id", Id.ToString(),
        "--config", Config.Root,
        "--snapshot", Snapshot.Value,
        "--environment", Environment.Value,
        "--parent", ParentProcessId.ToString(CultureInfo.InvariantCulture),
        "--idle-seconds", IdleTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture),
        .. FlowConcurrency.SelectMany(limit => (string[])["--flow-concurrency", FormattableString.Invariant($"{limit.Key}={limit.Value}")]),
        .. Server is null ? (string[])[] : ["--server", Server.AbsoluteUri],
        .. Project is null ? (string[])[] : ["--project", Project],
        .. AllowCleartext ? (string[])["--allow-cleartext", "true"] : [],
    ];

    /// <summary>Null when they are not of this form.</summary>
    public static WorkerArguments? TryParse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 != 0)
            return null;
        var given = arguments.Chunk(2).ToLookup(pair => pair[0], pair => pair[1]);
        return One("--config") is { Length: > 0 } config && One("--snapshot") is { Length: > 0 } snapshot
            && Guid.TryParse(One("--id"), out var id)
            && int.TryParse(One("--parent"), NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && double.TryParse(One("--idle-seconds"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var idle)
            && int.TryParse(One("--concurrency"), NumberStyles.None, CultureInfo.InvariantCulture, out var concurrency) && concurrency > 0
            && FlowLimits.TryParse(given["--flow-concurrency"], out var limits)
            ? new WorkerArguments
            {
                Id = new WorkerId(id),
                Config = new ConfigDirectory(config),
                Snapshot = new SnapshotId(snapshot),
                Environment = new EnvironmentId(One("--environment") ?? ""),
                ParentProcessId = parent,
                IdleTimeout = TimeSpan.FromSeconds(idle),
                Concurrency = concurrency,
                FlowConcurrency = limits,
                Server = One("--server") is { } server ? new Uri(server) : null,
                Project = One("--project"),
                AllowCleartext = One("--allow-cleartext") is "true",
            }
            : null;

        string? One(string name) => given[name].SingleOrDefault();
    }
}
