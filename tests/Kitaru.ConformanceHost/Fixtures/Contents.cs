using ModelContextProtocol.Protocol;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>The smallest picture and sound there are.</summary>
internal static class Contents
{
    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static readonly byte[] Wav = Convert.FromBase64String("UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=");

    public static TextContentBlock Text(string text) => new() { Text = text };

    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Png, "image/png");

    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Wav, "audio/wav");

    public static EmbeddedResourceBlock Resource(string uri, string type, string text) => new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    public static CallToolResult Result(params ContentBlock[] content) => new() { Content = content };
}
