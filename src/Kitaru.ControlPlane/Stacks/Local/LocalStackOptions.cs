using System.Globalization;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>How the local stack behaves.</summary>
public sealed record LocalStackOptions
{
    /// <summary>The environment variable that says how long a worker stays without work.</summary>
    public const string IdleVariable = "KITARU_WORKER_IDLE_SECONDS";

    private const double IdleSecondsMax = 24 * 60 * 60;

    /// <summary>How long a worker stays without work.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many executions one worker runs at once.</summary>
    /// <value>Default: 16.</value>
    public int Concurrency { get; init; } = 16;

    /// <summary>The worker to start.</summary>
    /// <value>Default: the one that was installed with the running program.</value>
    public WorkerFiles? Worker { get; init; }

    /// <summary>How many executions of a flow one worker runs at once, by name; flows that are not named have no limit of their own.</summary>
    public IReadOnlyDictionary<string, int> FlowConcurrency { get; init; } = new Dictionary<string, int>();

    /// <summary>The server whose executions run on this machine. Its workers are this stack's own, whoever else works for it, and it is looked after elsewhere.</summary>
    /// <value>Default: null, the executions of the config directory's own store.</value>
    public WorkerServer? Server { get; init; }

    /// <summary>How long ended executions are kept.</summary>
    /// <value>Default: for ever.</value>
    public RetentionRules Retention { get; init; } = RetentionRules.None;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what goes wrong with workers.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The environment that names the .NET installation and the worker's folder.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The defaults with what the environment changes about them.</summary>
    /// <exception cref="KitaruUsageException">A variable's value makes no sense.</exception>
    public static LocalStackOptions FromEnvironment(Func<string, string?> environment)
    {
        var options = new LocalStackOptions { Environment = environment, Retention = RetentionRules.FromEnvironment(environment) };
        if (environment(IdleVariable) is not { Length: > 0 } text)
            return options;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= IdleSecondsMax)
            return options with { IdleTimeout = TimeSpan.FromSeconds(seconds) };
        throw new KitaruUsageException(
            $"{IdleVariable} must be a number of seconds from 0 to {IdleSecondsMax}; it is '{Texts.Short(text)}'.",
            $"Set {IdleVariable}=60, or unset it, and start again.");
    }
}
