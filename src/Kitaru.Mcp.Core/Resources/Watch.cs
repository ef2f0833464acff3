using Kitaru.Core;
using Kitaru.Mcp.Hosting;

namespace Kitaru.Mcp.Resources;

/// <summary>Watches some resources: one look for any number of changes since the last one, until all have ended.</summary>
internal sealed class Watch(RequestScope scope, TimeProvider time)
{
    /// <summary>A busy execution is told of now and then, not once per commit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A worker's last lines may come a little after the end.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    /// <summary>How often in a row the store may be away.</summary>
    private const int FailuresMax = 120;

    private readonly List<Watched> _watched = [];

    public IReadOnlyList<string> Uris => [.. _watched.Select(one => one.Uri)];

    /// <summary>Takes a resource in as it stands now, so that whatever changes from here on is told.</summary>
    /// <returns>False for a kind of resource that does not change.</returns>
    /// <exception cref="KitaruException">There is none, or it is not offered here.</exception>
    public async Task<bool> TryAddAsync(string uri, CancellationToken cancellationToken)
    {
        var (resource, call) = ResourceCatalog.Find(scope, uri);
        if (resource.StateAsync is not { } read)
            return false;
        if (!_watched.Exists(one => one.Uri == uri))
            _watched.Add(new Watched(uri, stop => read(call, stop)) { Mark = (await read(call, cancellationToken)).Mark });
        return true;
    }

    /// <summary>Tells of every change; returns when everything has ended, and throws when it is stopped.</summary>
    public async Task RunAsync(Func<string, CancellationToken, Task> tellAsync, CancellationToken cancellationToken)
    {
        var (seen, failures) = (0L, 0);
        while (_watched.Count > 0)
        {
            try
            {
                // Its mark is taken before the look: what changes meanwhile is looked at once more.
                seen = await (await scope.Backend.OpenAsync(cancellationToken)).Executions.WaitForChangeAsync(seen, cancellationToken);
                foreach (var one in _watched.ToList())
                    await LookAsync(one, tellAsync, cancellationToken);
                failures = 0;
            }
            catch (KitaruException) when (++failures < FailuresMax)
            {
                // The store is away for a moment.
                seen = 0;
            }
            var isLast = _watched.Count > 0 && _watched.TrueForAll(one => one.IsEnding);
            if (_watched.Count > 0)
                await Task.Delay(isLast ? Late : Pause, time, cancellationToken);
            if (_watched.Exists(one => one.IsEnding))
                seen = 0;
        }
    }

    private async Task LookAsync(Watched one, Func<string, CancellationToken, Task> tellAsync, CancellationToken cancellationToken)
    {
        ResourceState? state;
        try
        {
            state = await one.ReadAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is KitaruNotFoundException or KitaruLookupException)
        {
            // Deleted: the last thing to be told of it.
            state = null;
        }
        if (state?.Mark != one.Mark)
        {
            one.Mark = state?.Mark ?? "";
            await tellAsync(one.Uri, cancellationToken);
        }
        if (state is null || (state.HasEnded && time.GetElapsedTime(one.EndingSince ??= time.GetTimestamp()) >= Late))
            _watched.Remove(one);
    }

    private sealed class Watched(string uri, Func<CancellationToken, Task<ResourceState>> readAsync)
    {
        public string Uri => uri;

        public string Mark { get; set; } = "";

        /// <summary>When it was first seen ended.</summary>
        public long? EndingSince { get; set; }

        public bool IsEnding => EndingSince is not null;

        public Task<ResourceState> ReadAsync(CancellationToken cancellationToken) => readAsync(cancellationToken);
    }
}
