using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Hosting;

namespace Kitaru.Client.Http;

/// <summary>The control plane of a server. Any number of processes may use it at once.</summary>
public sealed class HttpControlPlane : IControlPlane, IRunScope
{
    private readonly HttpCalls _calls;
    private readonly HttpChanges _changes;
    private readonly HttpChanges _work;
    private readonly bool _isView;

    private HttpControlPlane(HttpCalls calls, HttpChanges changes, HttpChanges work, InfoBody server, bool isView)
    {
        (_calls, _changes, _work, Server, _isView) = (calls, changes, work, server, isView);
        var values = new HttpValues(calls);
        Executions = new HttpExecutions(calls, changes, values);
        Statistics = new HttpStatistics(calls);
        Replays = new HttpReplays(calls, values);
        Waits = new HttpWaits(calls);
        Artifacts = new HttpArtifacts(calls, values);
        Logs = new HttpLogs(calls);
        Snapshots = new HttpSnapshots(calls);
        Deployments = new HttpDeployments(calls);
        Workers = new HttpWorkers(calls, work, TimeSpan.FromSeconds(server.LeaseSeconds));
        Journal = new HttpJournal(calls, values);
        Secrets = new HttpSecrets(calls);
        Retention = new HttpRetention(calls);
        Stacks = new HttpStacks(calls);
        Idempotency = new HttpIdempotency(calls);
        Transfers = new HttpTransfers(calls);
    }

    /// <inheritdoc/>
    public IExecutions Executions { get; }

    /// <inheritdoc/>
    public IStatistics Statistics { get; }

    /// <inheritdoc/>
    public IReplays Replays { get; }

    /// <inheritdoc/>
    public IWaits Waits { get; }

    /// <inheritdoc/>
    public IArtifacts Artifacts { get; }

    /// <inheritdoc/>
    public ILogs Logs { get; }

    /// <inheritdoc/>
    public ISnapshots Snapshots { get; }

    /// <inheritdoc/>
    public IDeployments Deployments { get; }

    /// <inheritdoc/>
    public IWorkers Workers { get; }

    /// <inheritdoc/>
    public IJournal Journal { get; }

    /// <inheritdoc/>
    public ISecrets Secrets { get; }

    /// <inheritdoc/>
    public IRetention Retention { get; }

    /// <inheritdoc/>
    public IStacks Stacks { get; }

    /// <inheritdoc/>
    public IIdempotency Idempotency { get; }

    /// <inheritdoc/>
    public ITransfers Transfers { get; }

    /// <summary>What the server said of itself.</summary>
    internal InfoBody Server { get; }

    /// <summary>Asks a server what it is, and fails where it cannot be used.</summary>
    /// <exception cref="KitaruUsageException">The address is none, or the token would be readable on the way.</exception>
    /// <exception cref="KitaruBackendException">It cannot be reached, does not accept the token, or is no Kitaru server of this release.</exception>
    public static async Task<HttpControlPlane> ConnectAsync(HttpConnection connection, CancellationToken cancellationToken = default)
    {
        var transport = new HttpTransport(connection);
        try
        {
            var calls = new HttpCalls(transport);
            var server = await calls.GetAsync<InfoBody>("info", cancellationToken).ConfigureAwait(false);
            if (server.ApiVersion != InfoBody.Present)
            {
                throw new KitaruBackendException(
                    $"The server {transport.Name} (release {Texts.Short(server.Version, 40)}) speaks version {server.ApiVersion} of the interface; this program speaks version {InfoBody.Present}.",
                    "Use a server and a client of the same release.");
            }
            return new HttpControlPlane(calls, new HttpChanges(calls, work: false), new HttpChanges(calls, work: true), server, isView: false);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    /// <summary>Gets a credential for a worker: good for what it will hold and for nothing else. The worker itself renews it the same way.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="kind">What it may take.</param>
    /// <param name="execution">The only execution it may take; null for any of its kind.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<AccessToken> IssueWorkerTokenAsync(WorkerId worker, WorkerKind kind, ExecutionId? execution = null, CancellationToken cancellationToken = default) =>
        _calls.AskAsync<AccessToken>($"workers/{worker}/token", new WorkerTokenBody { Snapshot = kind.Snapshot, Environment = kind.Environment, Execution = execution }, cancellationToken);

    /// <inheritdoc/>
    public IControlPlane Under(IdempotentRequest request) => new HttpControlPlane(new HttpCalls(_calls.Transport, request, _calls.Run), _changes, _work, Server, isView: true);

    /// <inheritdoc/>
    IControlPlane IRunScope.For(ExecutionId id) => new HttpControlPlane(new HttpCalls(_calls.Transport, run: id), _changes, _work, Server, isView: true);

    /// <summary>Closes the connections; calls that are under way end.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_isView)
            _calls.Transport.Dispose();
        return ValueTask.CompletedTask;
    }
}
