using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>An artifact that a flow saves by name (runtime.md 9.1).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">prompt, response, context, input, output or blob.</param>
/// <param name="Value">The value.</param>
/// <param name="Tags">Free labels.</param>
public sealed record NewArtifact(ArtifactId Id, string Name, string Kind, StoredValue Value, IReadOnlyList<string> Tags);

/// <summary>A value of an execution (runtime.md 1.5).</summary>
public sealed record ArtifactRecord
{
    /// <summary>Its id.</summary>
    public required ArtifactId Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required ExecutionId ExecutionId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>prompt, response, context, input, output, blob, or null.</summary>
    public string? Kind { get; init; }

    /// <summary><c>step_output</c> or <c>manual</c>.</summary>
    public required string SaveType { get; init; }

    /// <summary>Key of the call it came from.</summary>
    public string? ProducingCall { get; init; }

    /// <summary>Its metadata.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Media type, type, size and hash; the bytes only where they were asked for.</summary>
    public required StoredValue Value { get; init; }
}

/// <summary>Artifacts: read by clients, written through the journal.</summary>
public interface IArtifacts
{
    /// <summary>The artifact with its bytes if they lie inline.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default);

    /// <summary>A value's bytes from <paramref name="offset"/>, at most <paramref name="count"/> of them.</summary>
    Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken = default);

    /// <summary>All bytes of a value.</summary>
    Task<byte[]> ReadAllAsync(StoredValue value, CancellationToken cancellationToken = default);

    /// <summary>Moves a value above the inline limit into the artifact store, durable when it returns; a small one is returned as it is.</summary>
    Task<StoredValue> StoreAsync(StoredValue value, CancellationToken cancellationToken = default);
}

/// <summary>Where large bytes lie, under their hash.</summary>
public interface IArtifactStore
{
    /// <summary>Stores bytes under their SHA-256 (lower-case hex); there already: nothing happens. Durable when it returns.</summary>
    Task PutAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Bytes from <paramref name="offset"/>, at most <paramref name="count"/>.</summary>
    /// <exception cref="KitaruNotFoundException">Nothing lies under this hash.</exception>
    Task<byte[]> ReadAsync(string hash, long offset, int count, CancellationToken cancellationToken = default);
}
