using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kitaru.Core.Http;

/// <summary>A kind of worker is two texts, which no JSON key can be: the counts are a list.</summary>
internal sealed class RunnableWorkConverter : JsonConverter<RunnableWork>
{
    public override RunnableWork? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var body = JsonSerializer.Deserialize<Body>(ref reader, options);
        return body is null ? null : new RunnableWork(body.Kinds.ToDictionary(kind => new WorkerKind(kind.Snapshot, kind.Environment), kind => kind.Count), body.NextAt);
    }

    public override void Write(Utf8JsonWriter writer, RunnableWork value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer, new Body([.. value.Kinds.Select(kind => new Kind(kind.Key.Snapshot, kind.Key.Environment, kind.Value))], value.NextAt), options);

    private sealed record Body(IReadOnlyList<Kind> Kinds, DateTimeOffset? NextAt);

    private sealed record Kind(SnapshotId Snapshot, EnvironmentId Environment, int Count);
}
