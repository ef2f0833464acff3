namespace Kitaru.Core;

/// <summary>The cloud of a stack, told by its artifact store (platform.md 2.1).</summary>
internal static class StackProvider
{
    public const string Aws = "aws";
    public const string Gcp = "gcp";
    public const string Azure = "azure";

    private static readonly Dictionary<string, string> ByScheme = new(StringComparer.OrdinalIgnoreCase)
    {
        ["s3"] = Aws,
        ["gs"] = Gcp,
        ["az"] = Azure,
        ["abfs"] = Azure,
        ["abfss"] = Azure,
    };

    private static readonly Dictionary<string, string[]> ByType = new()
    {
        ["kubernetes"] = [Aws, Gcp],
        ["vertex"] = [Gcp],
        ["sagemaker"] = [Aws],
        ["azureml"] = [Azure],
    };

    /// <summary>The provider of the store, which must be one the type runs on.</summary>
    public static string Of(string artifactStore, string type)
    {
        var scheme = artifactStore.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? artifactStore[..end] : "";
        var rest = scheme.Length == 0 ? "" : artifactStore[(scheme.Length + 3)..];
        var allowed = ByScheme.Where(pair => ByType[type].Contains(pair.Value)).Select(pair => pair.Key + "://").ToList();
        // A login in an address would be a secret in the wrong place.
        if (rest.Split('/')[0] is not { Length: > 0 } bucket || bucket.Any(c => char.IsWhiteSpace(c)) || (bucket.Contains('@', StringComparison.Ordinal) && scheme is not ("abfs" or "abfss")))
        {
            throw SettingsError.Of(
                "artifact_store", "", $"the address of a bucket: {string.Join(" or ", allowed)} and its name", Seen(artifactStore), $"\"{allowed[0]}my-bucket/kitaru\"");
        }
        if (!ByScheme.TryGetValue(scheme, out var provider))
            throw SettingsError.Of("artifact_store", "", $"an address that begins with {string.Join(" or ", allowed)}", Seen(artifactStore), $"\"{allowed[0]}my-bucket\"");
        return ByType[type].Contains(provider)
            ? provider
            : throw SettingsError.Of(
                "artifact_store", "", $"one of {string.Join(" or ", ByType[type])} for a stack of type {type}: {string.Join(" or ", allowed)}",
                $"one of {provider}: {Seen(artifactStore)}", $"\"{allowed[0]}my-bucket\"");
    }

    /// <summary>One spelling of an address.</summary>
    public static string Normalize(string artifactStore)
    {
        const string Secure = "abfss://";
        return artifactStore.StartsWith(Secure, StringComparison.OrdinalIgnoreCase) ? "abfs://" + artifactStore[Secure.Length..] : artifactStore;
    }

    private static string Seen(string text) => text.Contains('@', StringComparison.Ordinal) ? "an address with '@' in it" : $"'{Texts.Short(text, 120)}'";
}
