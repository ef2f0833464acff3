using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.SimulationTests.World;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests.Planted;

/// <summary>A store without fencing: whoever writes into a journal passes for the present holder.</summary>
internal sealed class SkipsFencing(SimWorld world) : StoreInterceptor
{
    public override Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next)
    {
        if (call.Noun == nameof(IJournalStore) && call.Lease is { } lease && world.Rows(lease.ExecutionId)?.Execution is { Owner: { } owner } held)
            call.Arguments[0] = new Lease(lease.ExecutionId, owner, held.Epoch);
        return next();
    }
}
