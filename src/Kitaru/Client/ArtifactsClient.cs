using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <summary>Artifacts: listed and loaded.</summary>
public sealed class ArtifactsClient
{
    private readonly KitaruClient _client;

    internal ArtifactsClient(KitaruClient client) => _client = client;

    /// <summary>Artifacts of an execution, by exact name, kind and producing call, the first <paramref name="limit"/> of them.</summary>
    public async Task<IReadOnlyList<ArtifactRecord>> ListAsync(
        ExecutionId id, string? name = null, string? kind = null, string? producingCall = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        if (limit < 1)
            throw new KitaruUsageException($"limit must be at least 1; got {limit}.");
        var detail = await _client.Executions.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return
        [
            .. detail.Artifacts
                .Where(artifact => (name is null || artifact.Name == name)
                    && (kind is null || artifact.Kind == kind)
                    && (producingCall is null || artifact.ProducingCall == producingCall))
                .Take(limit ?? int.MaxValue),
        ];
    }

    /// <summary>One artifact.</summary>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public async Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default) =>
        await (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Artifacts.GetAsync(id, cancellationToken).ConfigureAwait(false);

    /// <summary>An artifact's value.</summary>
    public async Task<T> LoadAsync<T>(ArtifactId id, CancellationToken cancellationToken = default)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var artifact = await controlPlane.Artifacts.GetAsync(id, cancellationToken).ConfigureAwait(false);
        var bytes = await controlPlane.Artifacts.ReadAllAsync(artifact.Value, cancellationToken).ConfigureAwait(false);
        return ValueCodec.Decode<T>(artifact.Value, bytes);
    }
}
