using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Hosting;

/// <summary>What a host needs, and how it behaves.</summary>
public sealed record FlowHostOptions
{
    /// <summary>Where executions come from.</summary>
    public required IControlPlane ControlPlane { get; init; }

    /// <summary>Who this host is; registered when it starts.</summary>
    public required WorkerRecord Worker { get; init; }

    /// <summary>What it can run.</summary>
    public required FlowCatalog Flows { get; init; }

    /// <summary>How many executions it runs at once.</summary>
    /// <value>Default: 16.</value>
    public int Concurrency { get; init; } = 16;

    /// <summary>How many executions of a flow it runs at once, by name; flows that are not named have no limit of their own.</summary>
    public IReadOnlyDictionary<string, int> FlowConcurrency { get; init; } = new Dictionary<string, int>();

    /// <summary>How long it stays without work.</summary>
    /// <value>Default: null, for ever.</value>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long running checkpoints may take to end when it is told to stop.</summary>
    /// <value>Default: ten seconds.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether whoever started it is gone: then it lets go of waits at once and stays no longer than it has work.</summary>
    public Func<bool>? IsAbandoned { get; init; }

    /// <summary>Whether console output of flows goes to the real console too.</summary>
    public bool EchoConsole { get; init; }

    /// <summary>What instance flows are made from, with a scope for each run.</summary>
    /// <value>Default: null, what the flows' own <see cref="IFlowStartup"/> registers.</value>
    public IServiceProvider? Services { get; init; }

    /// <summary>The secrets this process has read.</summary>
    internal KnownSecrets Secrets { get; init; } = new();

    /// <summary>
    /// Asked when executions were claimed: whether what this process was started with has changed, so that they must be run by another one.
    /// </summary>
    internal Func<CancellationToken, Task<bool>> AreOutdated { get; init; } = static _ => Task.FromResult(false);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
