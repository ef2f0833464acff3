using Kitaru.ControlPlane.Targets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>How the local stack behaves.</summary>
public sealed record LocalStackOptions
{
    /// <summary>How long a worker stays without work.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many executions one worker runs at once.</summary>
    /// <value>Default: 16.</value>
    public int Concurrency { get; init; } = 16;

    /// <summary>The worker to start.</summary>
    /// <value>Default: the one that was installed with the running program.</value>
    public WorkerFiles? Worker { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what goes wrong with workers.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The environment that names the .NET installation and the worker's folder.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}
