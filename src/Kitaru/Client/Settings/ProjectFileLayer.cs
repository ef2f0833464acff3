using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;

namespace Kitaru.Client.Settings;

/// <summary>Settings from the nearest <c>kitaru.json</c>, upwards from a folder.</summary>
internal static class ProjectFileLayer
{
    public const string FileName = "kitaru.json";

    private const int BytesMax = 256 * 1024;

    private static readonly string[] Keys = ["stack", "image", "cache", "retries", "server_url", "project"];

    private static readonly JsonDocumentOptions Reading = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = KitaruJson.DepthMax,
    };

    /// <summary>Null when there is no such file.</summary>
    public static SettingsLayer? Read(string folder)
    {
        if (Find(folder) is not { } path)
            return null;
        var json = Parse(path);
        foreach (var (key, _) in json)
        {
            if (key == "runner")
                throw SettingsError.Of(path, key, "the key 'stack'", "its old name 'runner', which was renamed to stack", "\"stack\": \"default\"");
            if (!Keys.Contains(key, StringComparer.Ordinal))
                throw SettingsError.Unknown(path, key, Keys);
        }
        if (Text(json, path, "server_url") is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw SettingsError.Of(path, "server_url", "an http or https address", $"'{Texts.Short(url, 80)}'", "\"https://kitaru.example\"");
        _ = Text(json, path, "project");
        return new SettingsLayer(path, new ExecutionSettings
        {
            Stack = Text(json, path, "stack"),
            Image = json["image"] is { } image ? ImageSettings.Parse(image, $"{path}, image") : null,
            Cache = Flag(json, path, "cache"),
            Retries = Count(json, path, "retries"),
        });
    }

    private static string? Find(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            var path = Path.Combine(at, FileName);
            if (File.Exists(path))
                return path;
        }
        return null;
    }

    private static JsonObject Parse(string path)
    {
        try
        {
            var node = JsonNode.Parse(SmallFile.ReadText(path, BytesMax), documentOptions: Reading);
            return node as JsonObject ?? throw SettingsError.Of(path, "", "a JSON object", Seen(node), """{"stack": "default"}""");
        }
        catch (JsonException fault)
        {
            throw SettingsError.Of(path, "", "JSON", $"something else ({Texts.Short(fault.Message, 300)})", """{"stack": "default"}""");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruUsageException($"{path} cannot be read: {fault.Message}", "Make the file readable for this user, or move it away.", fault);
        }
    }

    private static string? Text(JsonObject json, string path, string key)
    {
        if (json[key] is not { } node)
            return null;
        if (node.GetValueKind() != JsonValueKind.String)
            throw SettingsError.Of(path, key, "a text", Seen(node), "\"default\"");
        var text = node.GetValue<string>().Trim();
        return text.Length > 0 ? text : throw SettingsError.Of(path, key, "a text that is not blank", "a blank one", "\"default\"");
    }

    private static bool? Flag(JsonObject json, string path, string key) => json[key]?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw SettingsError.Of(path, key, "true or false", Seen(json[key]), "true"),
    };

    private static int? Count(JsonObject json, string path, string key)
    {
        if (json[key] is not { } node)
            return null;
        return node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<int>(out var count) && count >= 0
            ? count
            : throw SettingsError.Of(path, key, "a whole number of at least 0", Seen(node), "2");
    }

    private static string Seen(JsonNode? node) => Texts.Short(KitaruJson.Write(node), 80);
}
