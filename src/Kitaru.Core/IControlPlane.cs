namespace Kitaru.Core;

/// <summary>
/// Everything a surface or a worker may ask of Kitaru, one small interface per noun. It has two implementations: in process,
/// straight on the store, and over HTTP.
/// </summary>
public interface IControlPlane : IAsyncDisposable
{
    /// <summary>Executions.</summary>
    IExecutions Executions { get; }

    /// <summary>Statistics over executions.</summary>
    IStatistics Statistics { get; }

    /// <summary>Replays of executions.</summary>
    IReplays Replays { get; }

    /// <summary>Waits.</summary>
    IWaits Waits { get; }

    /// <summary>Artifacts.</summary>
    IArtifacts Artifacts { get; }

    /// <summary>Logs.</summary>
    ILogs Logs { get; }

    /// <summary>Snapshots.</summary>
    ISnapshots Snapshots { get; }

    /// <summary>Deployments of flows.</summary>
    IDeployments Deployments { get; }

    /// <summary>Workers, claims and leases.</summary>
    IWorkers Workers { get; }

    /// <summary>What the holder of a lease writes.</summary>
    IJournal Journal { get; }

    /// <summary>Secrets.</summary>
    ISecrets Secrets { get; }

    /// <summary>What is deleted, and how large the store is.</summary>
    IRetention Retention { get; }

    /// <summary>Where executions run.</summary>
    IStacks Stacks { get; }

    /// <summary>Calls that are made at most once.</summary>
    IIdempotency Idempotency { get; }

    /// <summary>Moves a project between stores.</summary>
    ITransfers Transfers { get; }

    /// <summary>
    /// The same control plane for one call: its first change to anything but logs, artifacts, snapshots and the journal is made in one transaction with the request's key. It
    /// lives as long as this one and needs no disposing.
    /// </summary>
    /// <exception cref="KitaruStateException">Thrown by that change when another call has made one under this key.</exception>
    IControlPlane Under(IdempotentRequest request);
}
