using Kitaru.Client.Http;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;

namespace Kitaru.Worker;

/// <summary>The credential this worker was started with, renewed long before it ends.</summary>
internal sealed class WorkerToken(WorkerArguments arguments, TimeProvider time)
{
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromMinutes(15);

    private string? _token = Environment.GetEnvironmentVariable(WorkerServer.TokenVariable);
    private long _renewedAt = time.GetTimestamp();
    private int _renewing;

    /// <summary>Connects to the server this worker works for.</summary>
    public async Task<HttpControlPlane> ConnectAsync()
    {
        // Nothing that the flow starts shall inherit it.
        Environment.SetEnvironmentVariable(WorkerServer.TokenVariable, null);
        HttpControlPlane? server = null;
        return server = await HttpControlPlane.ConnectAsync(new HttpConnection
        {
            Server = arguments.Server!,
            Project = arguments.Project,
            AllowCleartext = arguments.AllowCleartext,
            Token = stop => GetAsync(server, stop),
            Time = time,
        });
    }

    private async ValueTask<string?> GetAsync(HttpControlPlane? server, CancellationToken cancellationToken)
    {
        if (server is null || time.GetElapsedTime(Interlocked.Read(ref _renewedAt)) < RenewalInterval || Interlocked.Exchange(ref _renewing, 1) == 1)
            return _token;
        try
        {
            // Marked first: the renewal itself asks for the token.
            Interlocked.Exchange(ref _renewedAt, time.GetTimestamp());
            _token = (await server.IssueWorkerTokenAsync(arguments.Id, new WorkerKind(arguments.Snapshot, arguments.Environment), execution: null, cancellationToken)).Token;
        }
        catch (KitaruException)
        {
            // The present one is good for a while; the next call tries again.
            Interlocked.Exchange(ref _renewedAt, time.GetTimestamp() - (long)(RenewalInterval.TotalSeconds * 0.9 * time.TimestampFrequency));
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
        return _token;
    }
}
