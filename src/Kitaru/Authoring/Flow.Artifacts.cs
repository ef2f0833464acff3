using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <content>Named artifacts (runtime.md 9).</content>
public static partial class Flow
{
    private static readonly string[] ArtifactKinds = ["prompt", "response", "context", "input", "output", "blob"];

    /// <summary>Saves a value under a name; it is stored together with the checkpoint's outcome.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Any value System.Text.Json can write, a string or bytes.</param>
    /// <param name="type">prompt, response, context, input, output or blob.</param>
    /// <param name="tags">Free labels.</param>
    /// <exception cref="KitaruContextException">Not inside a checkpoint.</exception>
    public static async Task SaveAsync<T>(string name, T value, string type = "output", IReadOnlyList<string>? tags = null)
    {
        var frame = Checkpoint("Flow.SaveAsync");
        if (string.IsNullOrWhiteSpace(name))
            throw new KitaruUsageException("An artifact's name must not be blank.");
        var kind = type.Trim().ToLowerInvariant();
        if (!ArtifactKinds.Contains(kind))
        {
            throw new KitaruUsageException(
                $"'{Texts.Short(type)}' is no artifact type: expected one of {string.Join(", ", ArtifactKinds)}.{Texts.DidYouMean(kind, ArtifactKinds)}");
        }
        if (frame.Run.Mask is { } mask)
            (name, tags) = (mask.Apply(name), tags?.Select(tag => mask.Apply(tag)).ToList());
        var stored = await frame.Run.StoreAsync(frame.Run.Encode(value, typeof(T), $"The artifact '{Texts.Short(name)}'", frame.Key)).ConfigureAwait(false);
        var id = new ArtifactId(Guid.CreateVersion7(frame.Run.Now));
        frame.AddArtifact(new NewArtifact(id, name.Trim(), kind, stored, tags ?? []));
    }

    /// <summary>Loads a value of any execution: a saved artifact by its name, or a checkpoint's output by the checkpoint's name.</summary>
    /// <exception cref="KitaruContextException">Not inside a checkpoint.</exception>
    /// <exception cref="KitaruRuntimeException">Nothing, or more than one thing, has that name.</exception>
    public static async Task<T> LoadAsync<T>(ExecutionId executionId, string name)
    {
        var frame = Checkpoint("Flow.LoadAsync");
        var artifacts = frame.Run.ControlPlane.Artifacts;
        var detail = await frame.Run.ControlPlane.Executions.GetAsync(executionId, frame.CancellationToken).ConfigureAwait(false);
        var found = detail.Artifacts
            .Where(artifact => artifact.Name == name || artifact.SaveType == "step_output" && artifact.ProducingCall == name)
            .ToArray();
        if (found is not [var one])
        {
            var names = detail.Artifacts.Select(artifact => artifact.SaveType == "manual" ? artifact.Name : artifact.ProducingCall!).Distinct().ToArray();
            throw new KitaruRuntimeException(found.Length == 0
                ? $"Execution {executionId} has no artifact '{Texts.Short(name)}'.{Texts.DidYouMean(name, names)} It has: {string.Join(", ", names)}."
                : $"Execution {executionId} has {found.Length} artifacts '{Texts.Short(name)}': {string.Join(", ", found.Select(artifact => $"{artifact.Id} of {artifact.ProducingCall}"))}.");
        }
        var bytes = await artifacts.ReadAllAsync(one.Value, frame.CancellationToken).ConfigureAwait(false);
        return ValueCodec.Decode<T>(one.Value, bytes);
    }

    private static CheckpointFrame Checkpoint(string what) => FlowScope.Checkpoint ?? throw new KitaruContextException(
        $"{what} works only inside a checkpoint.", "Move the call into a [Checkpoint] method.");
}
