using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>Reads image settings as people write them.</summary>
internal sealed class ImageReader(string source)
{
    private const string Alias = "parent_image";
    private const string BaseImage = "base_image";
    private const string Example = """{"base_image": "mcr.microsoft.com/dotnet/runtime:10.0"}""";
    private const int ItemsMax = 1000;
    private const int CharsMax = 4096;

    public ImageSettings ReadText(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0 || trimmed[0] is not ('{' or '[' or '"'))
            return Read(JsonValue.Create(text));
        try
        {
            return Read(KitaruJson.Parse(trimmed));
        }
        catch (JsonException fault)
        {
            throw SettingsError.Of(source, "", "an image's name or a JSON object", $"text that is not JSON ({Texts.Short(fault.Message, 200)})", Example);
        }
    }

    public ImageSettings Read(JsonNode? value)
    {
        if (value is JsonValue scalar && JsonShape.TryText(scalar, out var name))
            return new ImageSettings { BaseImage = Text("", name) };
        if (value is not JsonObject members)
            throw SettingsError.Of(source, "", "an image's name or an object of settings", JsonShape.Describe(value), Example);
        if (members.ContainsKey(Alias) && members.ContainsKey(BaseImage))
            throw SettingsError.Of(source, Alias, $"{BaseImage} or {Alias}, not both", "both", Example);
        var fields = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (key, node) in members)
        {
            var field = ImageField.All.FirstOrDefault(known => known.Name == (key == Alias ? BaseImage : key))
                ?? throw SettingsError.Unknown(source, key, ImageField.Names);
            // Null is what results show for a field that is not set.
            if (node is not null)
                fields[field.Name] = field.Kind is ImageFieldKind.Flag && node.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)
                    ? throw SettingsError.Of(source, key, "true or false", JsonShape.Describe(node), "true")
                    : node;
        }
        return new ImageSettings
        {
            BaseImage = TextOf(fields, BaseImage),
            Requirements = ListOf(fields, "requirements"),
            Dockerfile = TextOf(fields, "dockerfile"),
            BuildContextRoot = TextOf(fields, "build_context_root"),
            Environment = fields.TryGetValue("environment", out var variables) ? EnvironmentVariables.Parse(variables, source, "environment") : null,
            SecretEnvironmentFrom = ListOf(fields, "secret_environment_from"),
            AptPackages = ListOf(fields, "apt_packages"),
            ReplicateLocalPythonEnvironment = fields.TryGetValue("replicate_local_python_environment", out var flag) ? flag.GetValue<bool>() : null,
            ImageTag = TextOf(fields, "image_tag"),
            TargetRepository = TextOf(fields, "target_repository"),
            User = TextOf(fields, "user"),
            Platform = TextOf(fields, "platform"),
        };
    }

    private string? TextOf(Dictionary<string, JsonNode> fields, string field) => fields.TryGetValue(field, out var value) ? Text(field, value) : null;

    private IReadOnlyList<string>? ListOf(Dictionary<string, JsonNode> fields, string field)
    {
        if (!fields.TryGetValue(field, out var value))
            return null;
        if (value is not JsonArray items)
            throw SettingsError.Of(source, field, "a list of texts", JsonShape.Name(value), "[\"one\", \"two\"]");
        return items.Count <= ItemsMax
            ? [.. items.Select((item, index) => Text($"{field}[{index}]", item))]
            : throw SettingsError.Of(source, field, $"at most {ItemsMax} items", $"{items.Count}", "[\"one\", \"two\"]");
    }

    private string Text(string field, JsonNode? value) => value is JsonValue scalar && JsonShape.TryText(scalar, out var text)
        ? Text(field, text)
        : throw SettingsError.Of(source, field, "a text", JsonShape.Describe(value), "\"text\"");

    private string Text(string field, string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            throw SettingsError.Of(source, field, "a text that is not blank", "a blank one", field.Length == 0 ? Example : "\"text\"");
        if (trimmed.Any(char.IsControl))
            throw SettingsError.Of(source, field, "a text without NUL and other control characters", $"'{Texts.Short(trimmed, 80)}'", "\"text\"");
        return trimmed.Length <= CharsMax
            ? trimmed
            : throw SettingsError.Of(source, field, $"at most {CharsMax} characters", $"{trimmed.Length}", "\"text\"");
    }
}
