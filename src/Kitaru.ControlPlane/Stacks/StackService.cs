using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class StackService(IStore store, IReadOnlyList<IStackBackend> backends, IdFactory ids, TimeProvider time, ISecrets secrets) : IStacks
{
    private const string CredentialsPrefix = "stack_credentials_";

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
        return await FindByNameAsync(nameOrId, cancellationToken).ConfigureAwait(false);
    }

    public async Task<StackRecord> CreateAsync(StackRequest request, CancellationToken cancellationToken = default)
    {
        var wanted = StackRules.Check(request);
        if (await FindByNameAsync(wanted.Name, cancellationToken).ConfigureAwait(false) is not null)
            throw Taken(wanted.Name);
        var stack = new StackRecord
        {
            Id = new StackId(ids.NewId()),
            Name = wanted.Name,
            Type = wanted.Type,
            IsManaged = true,
            Settings = wanted.Settings,
            CreatedAt = time.GetUtcNow(),
        };
        if (wanted.Credentials is not { } credentials)
            return await InsertAsync(stack, cancellationToken).ConfigureAwait(false) ? stack : throw Taken(wanted.Name);
        // Credentials are a secret of their own; the stack has its id only.
        var secret = credentials.Secrets.Count == 0
            ? null
            : await secrets.CreateAsync($"{CredentialsPrefix}{stack.Id.Value:N}", credentials.Secrets, isPrivate: true, cancellationToken).ConfigureAwait(false);
        stack.Settings["credentials"] = new JsonObject { ["method"] = credentials.Method, ["profile"] = credentials.Profile, ["secret"] = secret?.Id.ToString() };
        if (await InsertAsync(stack, cancellationToken).ConfigureAwait(false))
            return stack;
        if (secret is not null)
            await secrets.DeleteAsync(secret.Id.ToString(), CancellationToken.None).ConfigureAwait(false);
        throw Taken(wanted.Name);
    }

    public async Task<StackRecord> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var stack = await FindAsync(nameOrId.Trim(), cancellationToken).ConfigureAwait(false) ?? throw Missing(nameOrId);
        if (!stack.IsManaged)
            throw new KitaruStateException($"The stack '{stack.Name}' is built in: it cannot be deleted.", "Delete another stack; kitaru_stacks_list shows those there are.");
        if (!await store.Stacks.DeleteAsync(stack.Id, cancellationToken).ConfigureAwait(false))
            throw Missing(nameOrId);
        if ((string?)stack.Settings["credentials"]?["secret"] is { } secret
            && await secrets.FindAsync(secret, cancellationToken).ConfigureAwait(false) is not null)
        {
            await secrets.DeleteAsync(secret, CancellationToken.None).ConfigureAwait(false);
        }
        return stack;
    }

    public async Task<StackLaunch> PrepareAsync(StackRecord stack, ImageSettings? image, CancellationToken cancellationToken = default)
    {
        var backend = backends.FirstOrDefault(backend => backend.Type == stack.Type) ?? throw new KitaruFeatureNotAvailableException(
            $"The stack '{stack.Name}' is of type {stack.Type}, and this installation has nothing that runs executions there "
            + $"(it runs: {string.Join(", ", backends.Select(backend => backend.Type))}). Nothing was started.",
            "Name another stack, for example stack=default, which runs on this machine; kitaru_stacks_list shows those there are.");
        foreach (var name in image?.SecretEnvironmentFrom ?? [])
        {
            if (await secrets.FindAsync(name, cancellationToken).ConfigureAwait(false) is null)
                throw await NoSecretAsync(name, cancellationToken).ConfigureAwait(false);
        }
        return backend.Prepare(stack, image);
    }

    private async Task<KitaruUsageException> NoSecretAsync(string name, CancellationToken cancellationToken)
    {
        var names = (await secrets.ListAsync(cancellationToken).ConfigureAwait(false)).Select(secret => secret.Name).ToList();
        return new KitaruUsageException(
            $"image, secret_environment_from: there is no secret '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, names)} Nothing was started.",
            "Make it with kitaru_secrets_create, or correct the name; kitaru_secrets_list shows those there are.")
        {
            Details = new JsonObject
            {
                ["argument"] = "image",
                ["field"] = "secret_environment_from",
                ["expected"] = "the name or id of a secret",
                ["got"] = Texts.Short(name, 80),
                ["nearest"] = Texts.Nearest(name, names),
            },
        };
    }

    private async Task<StackRecord?> FindByNameAsync(string name, CancellationToken cancellationToken) =>
        name == StackRecord.DefaultName ? StackRecord.BuiltIn : await store.Stacks.FindAsync(name, cancellationToken).ConfigureAwait(false);

    private Task<bool> InsertAsync(StackRecord stack, CancellationToken cancellationToken) => store.Stacks.InsertAsync(stack, cancellationToken);

    private static KitaruStateException Taken(string name) => new(
        $"There is a stack '{Texts.Short(name, StackRules.NameCharsMax)}' already; it was left as it is.",
        "Choose another name; or use the one that is there: name it as stack of a run, or make it the active one.")
    {
        Details = new JsonObject { ["argument"] = "name", ["expected"] = "a name that is free", ["got"] = Texts.Short(name, StackRules.NameCharsMax) },
    };

    private static KitaruStateException Missing(string nameOrId) => new(
        $"There is no stack '{Texts.Short(nameOrId, StackRules.NameCharsMax)}'; nothing was changed.", "kitaru_stacks_list shows those there are.")
    {
        Details = new JsonObject { ["argument"] = "name", ["expected"] = "the name or id of a stack", ["got"] = Texts.Short(nameOrId, StackRules.NameCharsMax) },
    };
}
