using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>The fields of image settings under their names on the wire, in the contract's order.</summary>
internal sealed record ImageField(string Name, ImageFieldKind Kind, Func<ImageSettings, JsonNode?> Get)
{
    public static readonly IReadOnlyList<ImageField> All =
    [
        new("base_image", ImageFieldKind.Text, image => image.BaseImage),
        new("requirements", ImageFieldKind.List, image => List(image.Requirements)),
        new("dockerfile", ImageFieldKind.Text, image => image.Dockerfile),
        new("build_context_root", ImageFieldKind.Text, image => image.BuildContextRoot),
        new("environment", ImageFieldKind.Map, image => Map(image.Environment)),
        new("secret_environment_from", ImageFieldKind.List, image => List(image.SecretEnvironmentFrom)),
        new("apt_packages", ImageFieldKind.List, image => List(image.AptPackages)),
        new("replicate_local_python_environment", ImageFieldKind.Flag, image => image.ReplicateLocalPythonEnvironment),
        new("image_tag", ImageFieldKind.Text, image => image.ImageTag),
        new("target_repository", ImageFieldKind.Text, image => image.TargetRepository),
        new("user", ImageFieldKind.Text, image => image.User),
        new("platform", ImageFieldKind.Text, image => image.Platform),
    ];

    public static readonly IReadOnlyList<string> Names = [.. All.Select(field => field.Name)];

    private static JsonArray? List(IReadOnlyList<string>? items) => items is null ? null : [.. items.Select(item => (JsonNode)item)];

    private static JsonObject? Map(IReadOnlyDictionary<string, string>? items) => items is null
        ? null
        : new JsonObject(items.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
}

internal enum ImageFieldKind
{
    Text,
    List,
    Map,
    Flag,
}
