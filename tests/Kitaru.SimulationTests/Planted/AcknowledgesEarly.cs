using Kitaru.ControlPlane.Storage;
using Kitaru.SimulationTests.World;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests.Planted;

/// <summary>A store that says "durable" at once and writes at some later moment, unless the process dies before.</summary>
internal sealed class AcknowledgesEarly(Lane lane) : StoreInterceptor
{
    public override Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next)
    {
        if (call is not { Noun: nameof(IJournalStore), Method: nameof(IJournalStore.AppendAsync) })
            return next();
        lane.Post(() => _ = next());
        return Task.FromResult((T)(object)true);
    }
}
