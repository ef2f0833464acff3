using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpStacks(HttpCalls calls) : IStacks
{
    public async Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        [.. (await calls.GetAsync<ListBody<StackRecord>>("stacks", cancellationToken).ConfigureAwait(false)).Items.Select(Own)];

    public async Task<StackRecord?> FindAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        await calls.FindAsync<StackRecord>("stack", new Query("stacks/find").Add("name", nameOrId), cancellationToken).ConfigureAwait(false) is { } found ? Own(found) : null;

    public Task<StackRecord> CreateAsync(StackRequest request, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<StackRecord>(HttpMethod.Post, "stacks", request, Repeat.Keyed, cancellationToken);

    public Task<StackRecord> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<StackRecord>(HttpMethod.Delete, new Query("stacks").Add("name", nameOrId), body: null, Repeat.Keyed, cancellationToken);

    public Task<StackLaunch> PrepareAsync(StackRecord stack, ImageSettings? image, CancellationToken cancellationToken = default) =>
        calls.AskAsync<StackLaunch>("stacks/prepare", new PrepareBody { Stack = stack, Image = image }, cancellationToken);

    /// <summary>The stack that stands in no store is the same everywhere.</summary>
    private static StackRecord Own(StackRecord stack) => stack.Id == StackRecord.BuiltIn.Id ? StackRecord.BuiltIn : stack;
}
