using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.SimulationTests.World;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests.Oracles;

/// <summary>Hears what the store tells a worker, as the worker hears it: after all faults.</summary>
internal sealed class AckSpy(SideLog log, SimWorld world) : StoreInterceptor
{
    public override Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next) =>
        call.Noun == nameof(IJournalStore) ? HearAsync(call, next()) : next();

    private async Task<T> HearAsync<T>(StoreCall call, Task<T> answer)
    {
        if (call.Lease is { } told && call.Method != nameof(IJournalStore.AppendAsync))
            log.Tell(told.ExecutionId, $"epoch {told.Epoch} asks for {call.Method} {call.Arguments[1]}");
        if (call is { Method: nameof(IJournalStore.ReleaseAsync), Lease: { } left } && call.Arguments[1] is Release { Forget.Count: > 0 } release)
            log.Forgot(left, release.Forget);
        // A wait is opened from the flow body, whose context must not be kept.
        var result = await answer.ConfigureAwait(false);
        if (result is not true || call.Lease is not { } lease)
            return result;
        switch (call.Method)
        {
            case nameof(IJournalStore.AppendAsync):
                log.Committed(lease, (JournalEntry)call.Arguments[1]!);
                break;
            case nameof(IJournalStore.FinishAsync):
                world.Told(lease.ExecutionId, "its worker was told that it has ended");
                break;
        }
        return result;
    }
}
