using System.Text.Json.Nodes;
using Kitaru.Client.Stacks;
using Kitaru.Core;

namespace Kitaru;

/// <summary>A stack, and whether it is the active one.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="IsActive">Whether executions run on it for which nobody names one.</param>
public sealed record StackInfo(StackRecord Stack, bool IsActive);

/// <summary>A stack that was made.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="IsActive">Whether it is the active one now.</param>
/// <param name="PreviousActive">The name of the one that was active before; null when that is still so.</param>
/// <param name="Warning">What was asked for and was not done, or null.</param>
public sealed record CreatedStackInfo(StackRecord Stack, bool IsActive, string? PreviousActive, string? Warning);

/// <summary>A stack that was deleted.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="NewActive">The name of the stack that was made active for it; null when it was not active.</param>
/// <param name="Recursive">Whether its components were asked to go too; they always do.</param>
public sealed record DeletedStackInfo(StackRecord Stack, string? NewActive, bool Recursive);

/// <summary>Stacks: where executions run.</summary>
public sealed class StacksClient
{
    private readonly KitaruClient _client;

    internal StacksClient(KitaruClient client) => _client = client;

    /// <summary>All stacks, the built-in one first, the others by name.</summary>
    public async Task<IReadOnlyList<StackInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var active = await ActiveAsync(cancellationToken).ConfigureAwait(false);
        return [.. (await controlPlane.Stacks.ListAsync(cancellationToken).ConfigureAwait(false)).Select(stack => new StackInfo(stack, stack.Id == active.Stack.Id))];
    }

    /// <summary>The active stack.</summary>
    public async Task<StackInfo> CurrentAsync(CancellationToken cancellationToken = default) =>
        new((await ActiveAsync(cancellationToken).ConfigureAwait(false)).Stack, IsActive: true);

    /// <summary>
    /// Makes a stack the active one: of the project when the working directory is in one (a folder <c>.kitaru</c> there or above), else of the user.
    /// </summary>
    /// <exception cref="KitaruStateException">There is no such stack.</exception>
    public Task<StackInfo> UseAsync(string nameOrId, CancellationToken cancellationToken = default) => _client.ChangeAsync(
        "Stacks.UseAsync", new JsonObject { ["name"] = nameOrId }, client => client.Stacks.SaveAsync(nameOrId, cancellationToken), cancellationToken);

    /// <summary>Makes a local stack without options.</summary>
    /// <inheritdoc cref="CreateAsync(StackRequest, bool, CancellationToken)"/>
    public Task<CreatedStackInfo> CreateAsync(string name, bool activate = true, CancellationToken cancellationToken = default) =>
        CreateAsync(new StackRequest { Name = name }, activate, cancellationToken);

    /// <summary>Makes a stack.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="activate">Whether it becomes the active one.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="KitaruUsageException">Something of it does not fit.</exception>
    /// <exception cref="KitaruStateException">The name is taken.</exception>
    /// <exception cref="KitaruBackendException">It was made and could not be made active.</exception>
    public Task<CreatedStackInfo> CreateAsync(StackRequest request, bool activate = true, CancellationToken cancellationToken = default) => _client.ChangeAsync(
        "Stacks.CreateAsync", Arguments(request, activate), client => client.Stacks.MakeAsync(request, activate, cancellationToken), cancellationToken);

    /// <summary>Deletes a stack. Its executions stay, and those that run go on in the environment they were started with.</summary>
    /// <param name="nameOrId">The stack.</param>
    /// <param name="recursive">Whether its components are to be deleted too; a component belongs to one stack here, so none is left behind either way.</param>
    /// <param name="force">Deletes it though it is active; the built-in one becomes active first.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="KitaruStateException">There is none, it is built in, or it is active and <paramref name="force"/> is not set.</exception>
    public Task<DeletedStackInfo> DeleteAsync(string nameOrId, bool recursive = false, bool force = false, CancellationToken cancellationToken = default) => _client.ChangeAsync(
        "Stacks.DeleteAsync", new JsonObject { ["name"] = nameOrId, ["recursive"] = recursive, ["force"] = force },
        client => client.Stacks.RemoveAsync(nameOrId, recursive, force, cancellationToken), cancellationToken);

    internal async Task<ActiveStack> ActiveAsync(CancellationToken cancellationToken)
    {
        // Which stack is active is a setting of each user's own machine.
        if (_client.IsForOthers)
            return new ActiveStack(StackRecord.BuiltIn, null, null);
        return await ActiveStack.FindAsync(_client.OpenAsync, _client.Directory, _client.WorkingDirectory, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StackInfo> SaveAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        await ActiveStack.SaveAsync(stack, _client.Directory, _client.WorkingDirectory, _client.Time, cancellationToken).ConfigureAwait(false);
        return new StackInfo(stack, IsActive: true);
    }

    private async Task<CreatedStackInfo> MakeAsync(StackRequest request, bool activate, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        // First: a settings file that cannot be read is a reason to make nothing.
        var before = activate ? await ActiveAsync(cancellationToken).ConfigureAwait(false) : null;
        var stack = await controlPlane.Stacks.CreateAsync(request, cancellationToken).ConfigureAwait(false);
        var warning = stack.Type == StackRecord.LocalType
            ? null
            : $"The stack is stored; nothing of it was tried out, and this installation cannot run executions on a stack of type {stack.Type}: a run on it is refused.";
        if (before is not null && _client.IsForOthers)
            return new CreatedStackInfo(stack, IsActive: false, null, warning ?? "The stack was not made active: which one is, each user's own machine says. Name it where an execution is to run on it.");
        if (before is null)
            return new CreatedStackInfo(stack, IsActive: false, null, warning);
        try
        {
            await ActiveStack.SaveAsync(stack, _client.Directory, _client.WorkingDirectory, _client.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruUsageException fault)
        {
            throw new KitaruBackendException(
                $"The stack '{stack.Name}' was made ({stack.Id}) and could not be made active: {fault.Message}", $"{fault.NextStep} Then make it active; it need not be made again.", fault);
        }
        return new CreatedStackInfo(stack, IsActive: true, before.Stack.Name, warning);
    }

    private async Task<DeletedStackInfo> RemoveAsync(string nameOrId, bool recursive, bool force, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var stack = await FindAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        var isActive = stack.IsManaged && (await ActiveAsync(cancellationToken).ConfigureAwait(false)).Stack.Id == stack.Id;
        if (isActive && !force)
        {
            throw new KitaruStateException(
                $"The stack '{stack.Name}' is the active one; it was not deleted.", $"Make another stack active first, or call again with force=true: then '{StackRecord.DefaultName}' becomes active.")
            {
                Details = new JsonObject { ["argument"] = "force", ["expected"] = "true for the active stack", ["got"] = "false" },
            };
        }
        if (isActive)
            await ActiveStack.ReplaceAsync(stack, _client.Directory, _client.WorkingDirectory, _client.Time, cancellationToken).ConfigureAwait(false);
        var deleted = await controlPlane.Stacks.DeleteAsync(stack.Id.ToString(), cancellationToken).ConfigureAwait(false);
        return new DeletedStackInfo(deleted, isActive ? StackRecord.DefaultName : null, recursive);
    }

    private async Task<StackRecord> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await controlPlane.Stacks.FindAsync(nameOrId.Trim(), cancellationToken).ConfigureAwait(false) is { } stack)
            return stack;
        var names = (await controlPlane.Stacks.ListAsync(cancellationToken).ConfigureAwait(false)).Select(known => known.Name).ToList();
        throw new KitaruStateException(
            $"There is no stack '{Texts.Short(nameOrId, 80)}'; nothing was changed.{Texts.DidYouMean(nameOrId, names)} Stacks: {Texts.Short(string.Join(", ", names), 400)}.",
            "Name one of these; kitaru_stacks_list shows them with their ids.")
        {
            Details = new JsonObject
            {
                ["argument"] = "name",
                ["expected"] = "the name or id of a stack",
                ["got"] = Texts.Short(nameOrId, 80),
                ["nearest"] = Texts.Nearest(nameOrId, names),
            },
        };
    }

    // Of credentials only a hash is kept under a key, as of all the rest.
    private static JsonObject Arguments(StackRequest request, bool activate)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(request)!.AsObject();
        json["Activate"] = activate;
        if (request.Credentials is { } credentials)
            json["Credentials"] = IdempotentRequest.Disguise(request.Name, credentials);
        return json;
    }
}
