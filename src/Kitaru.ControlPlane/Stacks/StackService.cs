using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class StackService(IStore store, IReadOnlyList<IStackBackend> backends) : IStacks
{
    public async Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        [StackRecord.BuiltIn, .. await store.Stacks.ListAsync(cancellationToken).ConfigureAwait(false)];

    public async Task<StackRecord?> FindAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        if (Guid.TryParse(nameOrId, out var id))
        {
            if (id == StackRecord.BuiltIn.Id.Value)
                return StackRecord.BuiltIn;
            if (await store.Stacks.FindAsync(new StackId(id), cancellationToken).ConfigureAwait(false) is { } found)
                return found;
        }
        return nameOrId == StackRecord.DefaultName ? StackRecord.BuiltIn : await store.Stacks.FindAsync(nameOrId, cancellationToken).ConfigureAwait(false);
    }

    public Task<StackLaunch> PrepareAsync(StackRecord stack, ImageSettings? image, CancellationToken cancellationToken = default)
    {
        var backend = backends.FirstOrDefault(backend => backend.Type == stack.Type) ?? throw new KitaruFeatureNotAvailableException(
            $"The stack '{stack.Name}' is of type {stack.Type}, and this installation has nothing that runs executions there "
            + $"(it runs: {string.Join(", ", backends.Select(backend => backend.Type))}). Nothing was started.",
            "Name another stack, for example stack=default, which runs on this machine; kitaru_stacks_list shows those there are.");
        return Task.FromResult(backend.Prepare(stack, image));
    }
}
