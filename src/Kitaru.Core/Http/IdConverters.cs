using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kitaru.Core.Http;

/// <summary>Ids are texts on the wire.</summary>
internal static class IdConverters
{
    public static IReadOnlyList<JsonConverter> All { get; } =
    [
        OfGuid(value => new ExecutionId(value), id => id.Value),
        OfGuid(value => new FlowId(value), id => id.Value),
        OfGuid(value => new WaitId(value), id => id.Value),
        OfGuid(value => new CallId(value), id => id.Value),
        OfGuid(value => new ArtifactId(value), id => id.Value),
        OfGuid(value => new DeploymentId(value), id => id.Value),
        OfGuid(value => new StackId(value), id => id.Value),
        OfGuid(value => new SecretId(value), id => id.Value),
        OfGuid(value => new WorkerId(value), id => id.Value),
        OfGuid(value => new ProjectId(value), id => id.Value),
        OfGuid(value => new ServiceAccountId(value), id => id.Value),
        OfGuid(value => new ApiKeyId(value), id => id.Value),
        new IdConverter<SnapshotId>(text => new SnapshotId(text), id => id.Value),
        new IdConverter<EnvironmentId>(text => new EnvironmentId(text), id => id.Value),
    ];

    private static IdConverter<T> OfGuid<T>(Func<Guid, T> make, Func<T, Guid> value) where T : struct => new(
        text => Guid.TryParseExact(text, "D", out var id) ? make(id) : throw new JsonException($"'{Texts.Short(text, 80)}' is not an id: expected a UUID such as 0199c0de-0000-7000-8000-000000000000."),
        id => value(id).ToString("D"));
}

/// <summary>One kind of id as text.</summary>
internal sealed class IdConverter<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? read(reader.GetString()!) : throw new JsonException("An id is a text.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(write(value));
}
