using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru;

/// <summary>
/// What the processes of a flow are made of (platform.md 1.12): container image, packages, environment. Null is not set; an empty list is
/// set and clears what a lower layer says. On this machine <see cref="Environment"/> and <see cref="SecretEnvironmentFrom"/> act.
/// </summary>
public sealed record ImageSettings
{
    /// <summary>The image to build on.</summary>
    public string? BaseImage { get; init; }

    /// <summary>Packages of the flow.</summary>
    public IReadOnlyList<string>? Requirements { get; init; }

    /// <summary>Path of a Dockerfile to build instead.</summary>
    public string? Dockerfile { get; init; }

    /// <summary>The folder that is sent to the build.</summary>
    public string? BuildContextRoot { get; init; }

    /// <summary>Environment variables; nothing secret.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Names or ids of secrets each of whose keys becomes an environment variable at run time.</summary>
    public IReadOnlyList<string>? SecretEnvironmentFrom { get; init; }

    /// <summary>Packages of the system.</summary>
    public IReadOnlyList<string>? AptPackages { get; init; }

    /// <summary>Kept for the contract's sake.</summary>
    public bool? ReplicateLocalPythonEnvironment { get; init; }

    /// <summary>The tag of the image that is built.</summary>
    public string? ImageTag { get; init; }

    /// <summary>The repository it is pushed to.</summary>
    public string? TargetRepository { get; init; }

    /// <summary>The user processes run as.</summary>
    public string? User { get; init; }

    /// <summary>The platform to build for, for example <c>linux/amd64</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>Reads an image's name, or an object of fields.</summary>
    /// <param name="value">The name or the object.</param>
    /// <param name="source">Where it stands, for errors: an argument, a variable or a file.</param>
    /// <exception cref="KitaruUsageException">A field is unknown, blank or of another type.</exception>
    public static ImageSettings Parse(JsonNode? value, string source = "image") => new ImageReader(source).Read(value);

    /// <summary>Reads text: a JSON object, a JSON string, or else an image's name.</summary>
    /// <inheritdoc cref="Parse(JsonNode?, string)"/>
    public static ImageSettings ParseText(string text, string source = "image") => new ImageReader(source).ReadText(text);

    /// <summary>These settings on top of lower ones: environments are merged, whatever else is set replaces what is below.</summary>
    public ImageSettings Over(ImageSettings? lower)
    {
        if (lower is null)
            return this;
        return new ImageSettings
        {
            BaseImage = BaseImage ?? lower.BaseImage,
            Requirements = Requirements ?? lower.Requirements,
            Dockerfile = Dockerfile ?? lower.Dockerfile,
            BuildContextRoot = BuildContextRoot ?? lower.BuildContextRoot,
            Environment = Merge(Environment, lower.Environment),
            SecretEnvironmentFrom = SecretEnvironmentFrom ?? lower.SecretEnvironmentFrom,
            AptPackages = AptPackages ?? lower.AptPackages,
            ReplicateLocalPythonEnvironment = ReplicateLocalPythonEnvironment ?? lower.ReplicateLocalPythonEnvironment,
            ImageTag = ImageTag ?? lower.ImageTag,
            TargetRepository = TargetRepository ?? lower.TargetRepository,
            User = User ?? lower.User,
            Platform = Platform ?? lower.Platform,
        };
    }

    /// <summary>The same with the values of variables hidden whose names look secret.</summary>
    public ImageSettings Redacted() => Environment is null ? this : this with
    {
        Environment = Environment.ToDictionary(
            pair => pair.Key, pair => SecretNames.LooksSecret(pair.Key) ? SecretNames.Mask : pair.Value, StringComparer.Ordinal),
    };

    /// <summary>As JSON under the contract's names.</summary>
    /// <param name="all">All fields, those that are not set as null; otherwise set ones only.</param>
    public JsonObject ToJson(bool all = false)
    {
        var json = new JsonObject();
        foreach (var field in ImageField.All)
        {
            if (field.Get(this) is { } value)
                json[field.Name] = value;
            else if (all)
                json[field.Name] = null;
        }
        return json;
    }

    private static IReadOnlyDictionary<string, string>? Merge(
        IReadOnlyDictionary<string, string>? upper, IReadOnlyDictionary<string, string>? lower)
    {
        if (upper is null || lower is null)
            return upper ?? lower;
        var merged = new Dictionary<string, string>(lower, StringComparer.Ordinal);
        foreach (var (name, value) in upper)
            merged[name] = value;
        return merged;
    }
}
