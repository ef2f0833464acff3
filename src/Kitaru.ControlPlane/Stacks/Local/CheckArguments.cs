using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>The command line of a worker that only checks its code against what executions have recorded.</summary>
internal sealed record CheckArguments
{
    private const string Mark = "--check";

    /// <summary>Stands before each result in the output, where flow code may write too.</summary>
    public required string Nonce { get; init; }

    public required ConfigDirectory Config { get; init; }

    public EnvironmentId Environment { get; init; } = EnvironmentId.Plain;

    /// <summary>Who waits for the results; when that process is gone, so is the reason to go on.</summary>
    public required int ParentProcessId { get; init; }

    public required IReadOnlyList<ExecutionId> Executions { get; init; }

    public IEnumerable<string> ToArguments() =>
    [
        Mark, Nonce,
        "--config", Config.Root,
        "--environment", Environment.Value,
        "--parent", ParentProcessId.ToString(CultureInfo.InvariantCulture),
        "--executions", string.Join(',', Executions),
    ];

    /// <summary>Null when they are not of this form.</summary>
    public static CheckArguments? TryParse(IReadOnlyList<string> arguments) =>
        arguments is [Mark, { Length: > 0 } nonce, "--config", { Length: > 0 } config, "--environment", var environment, "--parent", var parentText, "--executions", var ids]
            && int.TryParse(parentText, NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            ? new CheckArguments
            {
                Nonce = nonce,
                Config = new ConfigDirectory(config),
                Environment = new EnvironmentId(environment),
                ParentProcessId = parent,
                Executions = [.. ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ExecutionId.Parse)],
            }
            : null;
}
