using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>CLR values to stored bytes and back: bytes as bytes, text as text, everything else as JSON.</summary>
internal static class ValueCodec
{
    public static readonly JsonSerializerOptions Json = CreateOptions();

    public static StoredValue Encode(object? value, Type declaredType)
    {
        var typeName = (value?.GetType() ?? declaredType).FullName ?? declaredType.Name;
        return value switch
        {
            string text => StoredValue.Of(StoredValue.Text, typeName, Encoding.UTF8.GetBytes(text)),
            byte[] bytes => StoredValue.Of(StoredValue.Bytes, typeName, bytes),
            _ => StoredValue.Of(StoredValue.Json, typeName, JsonSerializer.SerializeToUtf8Bytes(value, WrittenType(value, declaredType), Json)),
        };
    }

    public static T Decode<T>(StoredValue? value, byte[]? bytes) => (T)Decode(value, bytes, typeof(T))!;

    public static object? Decode(StoredValue? value, byte[]? bytes, Type type)
    {
        if (value is null || bytes is null)
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        return value.MediaType switch
        {
            StoredValue.Text when type.IsAssignableFrom(typeof(string)) => Encoding.UTF8.GetString(bytes),
            StoredValue.Text => JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(bytes)), type, Json),
            StoredValue.Bytes when type.IsAssignableFrom(typeof(byte[])) => bytes,
            StoredValue.Bytes => throw new JsonException($"recorded bytes cannot become a {type}"),
            _ => JsonSerializer.Deserialize(bytes, type, Json),
        };
    }

    private static Type WrittenType(object? value, Type declaredType) =>
        declaredType == typeof(object) && value is not null ? value.GetType() : declaredType;

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNameCaseInsensitive = true,
            // Tuples carry their items in fields.
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            AllowOutOfOrderMetadataProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter() },
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
