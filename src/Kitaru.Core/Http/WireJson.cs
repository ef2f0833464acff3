using System.Text.Json;
using System.Text.Json.Serialization;
using Kitaru.Core.Json;

namespace Kitaru.Core.Http;

/// <summary>
/// The JSON of the HTTP interface: records under their own names in snake_case, nothing left out, so that the other end has the very same record. What it cannot
/// read is an error, never a guess.
/// </summary>
internal static class WireJson
{
    /// <summary>Values may be nested as deep as anywhere; around them stands a record in a page.</summary>
    public const int DepthMax = KitaruJson.DepthMax * 2;

    /// <summary>What a server reads: a member that is not known is an error, because the caller meant something by it.</summary>
    public static JsonSerializerOptions Strict { get; } = Seal(Create(JsonUnmappedMemberHandling.Disallow));

    /// <summary>What a client reads: a newer server may say more.</summary>
    public static JsonSerializerOptions Tolerant { get; } = Seal(Create(JsonUnmappedMemberHandling.Skip));

    /// <summary>Makes given options those of <see cref="Strict"/>.</summary>
    public static void Apply(JsonSerializerOptions options, JsonUnmappedMemberHandling unmapped = JsonUnmappedMemberHandling.Disallow)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = unmapped;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = DepthMax;
        options.Encoder = KitaruJson.Options.Encoder;
        // A mean of nothing is no number, and statistics may say so.
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        foreach (var converter in IdConverters.All)
            options.Converters.Add(converter);
        options.Converters.Add(new RunnableWorkConverter());
        options.Converters.Add(new SecretConverter());
    }

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unmapped)
    {
        var options = new JsonSerializerOptions();
        Apply(options, unmapped);
        return options;
    }

    private static JsonSerializerOptions Seal(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
