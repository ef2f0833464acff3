using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>The resources the suite asks for.</summary>
internal static class Resources
{
    private const string Before = "test://template/";
    private const string After = "/data";

    public static IList<Resource> All { get; } =
    [
        new() { Uri = "test://static-text", Name = "Static text", MimeType = "text/plain" },
        new() { Uri = "test://static-binary", Name = "Static binary", MimeType = "image/png" },
        new() { Uri = "test://watched-resource", Name = "Watched", MimeType = "text/plain" },
    ];

    public static IList<ResourceTemplate> Templates { get; } = [new() { UriTemplate = Before + "{id}" + After, Name = "Template", MimeType = "application/json" }];

    public static ReadResourceResult Read(string uri, TimeSpan lifetime) => new()
    {
        Contents = [Contents(uri)],
        TimeToLive = lifetime,
        CacheScope = CacheScope.Public,
    };

    private static ResourceContents Contents(string uri) => uri switch
    {
        "test://static-text" => new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = "This is the content of the static text resource." },
        "test://watched-resource" => new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = "Watched resource content." },
        "test://static-binary" => BlobResourceContents.FromBytes(Fixtures.Contents.Png, uri, "image/png"),
        _ when uri.StartsWith(Before, StringComparison.Ordinal) && uri.EndsWith(After, StringComparison.Ordinal) => OfTemplate(uri, uri[Before.Length..^After.Length]),
        _ => throw new McpProtocolException("Resource not found", McpErrorCode.InvalidParams) { Data = { ["uri"] = uri } },
    };

    private static TextResourceContents OfTemplate(string uri, string id) => new()
    {
        Uri = uri,
        MimeType = "application/json",
        Text = new JsonObject { ["id"] = id, ["templateTest"] = true, ["data"] = $"Data for ID: {id}" }.ToJsonString(),
    };
}
