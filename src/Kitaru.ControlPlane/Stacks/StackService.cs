using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class StackService(IStore store, IReadOnlyList<IStackBackend> backends, IdFactory ids, TimeProvider time, SecretService secrets) : IStacks
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
        for (var tries = 0; tries < SecretService.TriesMax; tries++)
        {
            SecretChange? secret = null;
            if (wanted.Credentials is { } credentials)
            {
                // Credentials are a secret of their own; the stack has its id only.
                if (credentials.Secrets.Count > 0)
                {
                    secret = await secrets.SealAsync($"{CredentialsPrefix}{stack.Id.Value:N}", credentials.Secrets, cancellationToken).ConfigureAwait(false);
                    if (secret is null)
                        continue;
                }
                stack.Settings["credentials"] = new JsonObject { ["method"] = credentials.Method, ["profile"] = credentials.Profile, ["secret"] = secret?.Id.ToString() };
            }
            switch (await store.Stacks.InsertAsync(stack, secret, cancellationToken).ConfigureAwait(false))
            {
                case StackWritten.Done:
                    return stack;
                case StackWritten.NameTaken:
                    throw Taken(wanted.Name);
            }
        }
        throw SecretService.TooBusy();
    }

    public async Task<StackRecord> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var stack = await FindAsync(nameOrId.Trim(), cancellationToken).ConfigureAwait(false) ?? throw Missing(nameOrId);
        if (!stack.IsManaged)
            throw new KitaruStateException($"The stack '{stack.Name}' is built in: it cannot be deleted.", "Delete another stack; kitaru_stacks_list shows those there are.");
        SecretId? secret = Guid.TryParse((string?)stack.Settings["credentials"]?["secret"], out var id) ? new SecretId(id) : null;
        if (!await store.Stacks.DeleteAsync(stack.Id, secret, cancellationToken).ConfigureAwait(false))
            throw Missing(nameOrId);
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
