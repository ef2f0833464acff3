using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Where executions run (platform.md 2): checked settings under a name.</summary>
public sealed record StackRecord
{
    /// <summary>The name of the local stack that is always there.</summary>
    public const string DefaultName = "default";

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

    /// <summary>Stores a stack whose settings were checked.</summary>
    /// <exception cref="KitaruStateException">The name is taken.</exception>
    Task<StackRecord> CreateAsync(string name, string type, JsonObject settings, CancellationToken cancellationToken = default);

    /// <summary>Deletes a stack; its executions stay. Returns what was deleted.</summary>
    /// <exception cref="KitaruStateException">There is none, or it is the built-in one.</exception>
    Task<StackRecord> DeleteAsync(string nameOrId, CancellationToken cancellationToken = default);
}
