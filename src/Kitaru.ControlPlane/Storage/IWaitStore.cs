using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal interface IWaitStore
{
    /// <summary>All waits of one execution, oldest first.</summary>
    Task<IReadOnlyList<WaitRecord>> ListAsync(ExecutionId id, CancellationToken cancellationToken);

    /// <summary>Answers a pending wait, or aborts it when <paramref name="answer"/> is null, and lets its execution go on.</summary>
    Task<bool> ResolveIfPendingAsync(WaitRecord wait, StoredValue? answer, string by, CancellationToken cancellationToken);
}
