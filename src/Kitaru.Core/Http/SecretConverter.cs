using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kitaru.Core.Http;

/// <summary>A secret with its values: the one answer that has them.</summary>
internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<Body>(ref reader, options) is { } body ? new Secret(body.Id, body.Name, body.IsPrivate, body.UpdatedAt, body.Values) : null;

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Body(value.Id, value.Name, value.IsPrivate, value.UpdatedAt, value.Values), options);

    private sealed record Body(SecretId Id, string Name, bool IsPrivate, DateTimeOffset UpdatedAt, IReadOnlyDictionary<string, string> Values);
}
