using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Where executions run (platform.md 2): checked settings under a name.</summary>
public sealed record StackRecord
{
    /// <summary>The name of the local stack that is always there.</summary>
    public const string DefaultName = "default";

    /// <summary>The type of stacks that run executions on this machine.</summary>
    public const string LocalType = "local";

    /// <summary>The local stack that is always there; it stands in no store.</summary>
    public static StackRecord BuiltIn { get; } = new()
    {
        Id = new StackId(new Guid("01900000-0000-7000-8000-000000000000")),
        Name = DefaultName,
        Type = LocalType,
        IsManaged = false,
        Settings = [],
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Its id.</summary>
    public required StackId Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>local</c>, <c>kubernetes</c>, <c>vertex</c>, <c>sagemaker</c> or <c>azureml</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it was made with Kitaru; the built-in one was not.</summary>
    public required bool IsManaged { get; init; }

    /// <summary>Its settings under their names in platform.md 2.2, those that were given.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Stacks. Which one is active is a setting of the project or the user, not of the store.</summary>
public interface IStacks
{
    /// <summary>All stacks, the built-in one first, the others by name.</summary>
    Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The stack with exactly this id or name, or null; the id wins.</summary>
    Task<StackRecord?> FindAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Checks a stack and stores it.</summary>
    /// <exception cref="KitaruUsageException">Something of it does not fit; nothing was stored.</exception>
    /// <exception cref="KitaruStateException">The name is taken.</exception>
    Task<StackRecord> CreateAsync(StackRequest request, CancellationToken cancellationToken = default);

    /// <summary>Deletes a stack; its executions stay, and run on in the environment they were started with. Returns what was deleted.</summary>
    /// <exception cref="KitaruStateException">There is none, or it is the built-in one.</exception>
    Task<StackRecord> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>How executions with this image run on the stack.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">Nothing here runs executions of stacks of its type.</exception>
    Task<StackLaunch> PrepareAsync(StackRecord stack, ImageSettings? image, CancellationToken cancellationToken = default);
}
