using System.Collections.Concurrent;
using Kitaru.ControlPlane.Storage;
using Kitaru.Testing.Stores;

namespace Kitaru.Testing;

/// <summary>Counts the completions of each execution.</summary>
internal sealed class CommitCounter : StoreInterceptor
{
    private readonly ConcurrentDictionary<ExecutionId, int> _commits = new();

    public int this[ExecutionId id] => _commits.GetValueOrDefault(id);

    public override Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next)
    {
        if (call is { Noun: nameof(IJournalStore), Method: nameof(IJournalStore.AppendAsync), Lease: { } lease })
            _commits.AddOrUpdate(lease.ExecutionId, 1, static (_, count) => count + 1);
        return next();
    }
}
