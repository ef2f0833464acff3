using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

internal sealed class WaitService(IStore store, LargeValues values, ExecutionService executions) : IWaits
{
    public async Task<IReadOnlyList<WaitRecord>> ListPendingAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        (await executions.FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false)).PendingWaits;

    public async Task<WaitRecord> AnswerAsync(ExecutionId id, string wait, JsonNode? answer, string by, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(id, wait, cancellationToken).ConfigureAwait(false);
        if (found.Status != WaitStatus.Pending)
            return await SameOrRefusedAsync(found, answer, cancellationToken).ConfigureAwait(false);
        WaitMessages.ThrowIfUnfit(found, answer);
        var value = await values.KeepAsync(
            StoredValue.Of(StoredValue.Json, typeof(JsonNode).FullName!, KitaruJson.WriteBytes(answer)), cancellationToken).ConfigureAwait(false);
        var answered = await store.Waits.ResolveIfPendingAsync(found, value, by, cancellationToken).ConfigureAwait(false);
        var now = await ReadAsync(found, cancellationToken).ConfigureAwait(false);
        // Somebody else was quicker: theirs counts, and ours is judged against it.
        return answered ? now : await SameOrRefusedAsync(now, answer, cancellationToken).ConfigureAwait(false);
    }

    public async Task<WaitRecord> AbortAsync(ExecutionId id, string wait, string by, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(id, wait, cancellationToken).ConfigureAwait(false);
        if (found.Status == WaitStatus.Pending)
        {
            await store.Waits.ResolveIfPendingAsync(found, answer: null, by, cancellationToken).ConfigureAwait(false);
            found = await ReadAsync(found, cancellationToken).ConfigureAwait(false);
        }
        if (found.Status == WaitStatus.Aborted)
            return found;
        throw found.Status == WaitStatus.Closed
            ? await EndedAsync(found, cancellationToken).ConfigureAwait(false)
            : WaitMessages.AnsweredAlready(found, "it can no longer be aborted");
    }

    /// <summary>By exact name first, then by id (runtime.md 5.2).</summary>
    private async Task<WaitRecord> FindAsync(ExecutionId id, string selector, CancellationToken cancellationToken)
    {
        var name = selector.Trim();
        if (name.Length == 0)
            throw new KitaruUsageException("wait is blank: expected a wait's name or id.", "See the pending waits with kitaru_executions_get.");
        var waits = await store.Waits.ListAsync(id, cancellationToken).ConfigureAwait(false);
        var found = waits.FirstOrDefault(wait => wait.Name == name)
            ?? waits.FirstOrDefault(wait => wait.Id.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is not null)
            return found;
        var execution = await executions.FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
        throw WaitMessages.NotFound(execution, name);
    }

    private async Task<WaitRecord> ReadAsync(WaitRecord wait, CancellationToken cancellationToken) =>
        // Gone: its execution failed and was opened again, which asks anew, or was deleted.
        (await store.Waits.ListAsync(wait.ExecutionId, cancellationToken).ConfigureAwait(false)).FirstOrDefault(other => other.Id == wait.Id)
        ?? throw WaitMessages.NotFound(await executions.FindOrThrowAsync(wait.ExecutionId, cancellationToken).ConfigureAwait(false), wait.Name);

    /// <summary>The same answer again changes nothing; another one comes too late.</summary>
    private async Task<WaitRecord> SameOrRefusedAsync(WaitRecord wait, JsonNode? answer, CancellationToken cancellationToken)
    {
        if (wait.Status == WaitStatus.Answered && StoredValue.Of(StoredValue.Json, "", KitaruJson.WriteBytes(answer)).Hash == wait.Answer!.Hash)
            return wait;
        if (wait is { Status: WaitStatus.Answered, Answer.Inline: { } bytes } && JsonNode.DeepEquals(KitaruJson.Parse(bytes), answer))
            return wait;
        throw wait.Status switch
        {
            WaitStatus.Closed => await EndedAsync(wait, cancellationToken).ConfigureAwait(false),
            WaitStatus.Aborted => WaitMessages.AbortedAlready(wait),
            _ => WaitMessages.AnsweredAlready(wait, "another value is not accepted"),
        };
    }

    private async Task<KitaruStateException> EndedAsync(WaitRecord wait, CancellationToken cancellationToken) =>
        WaitMessages.Ended(await executions.FindOrThrowAsync(wait.ExecutionId, cancellationToken).ConfigureAwait(false), wait.Name);
}
