using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Mcp.Tools;
using Kitaru.Server.Mcp.Streaming;

namespace Kitaru.Server.Mcp;

/// <summary>What the operator says of MCP.</summary>
internal sealed record McpOptions
{
    public const string PublicUrlVariable = "KITARU_SERVER_PUBLIC_URL";
    public const string OriginsVariable = "KITARU_SERVER_ALLOWED_ORIGINS";
    public const string HostsVariable = "KITARU_SERVER_ALLOWED_HOSTS";

    /// <summary>Which tools there are at most.</summary>
    public ToolPolicy Policy { get; init; } = ToolPolicy.Everything;

    /// <summary>The address clients use, without a slash at its end; null for what each request names.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Origins of pages that are answered, such as https://tools.example.com.</summary>
    public IReadOnlySet<string> Origins { get; init; } = new HashSet<string>();

    /// <summary>Names of the server, with or without port; empty for any.</summary>
    public IReadOnlySet<string> Hosts { get; init; } = new HashSet<string>();

    /// <summary>What every replica is given, for what they seal; null for one server alone.</summary>
    public string? SealingSecret { get; init; }

    public StreamingLimits Limits { get; init; } = new();

    /// <exception cref="KitaruUsageException">Something of it makes no sense.</exception>
    public static McpOptions FromEnvironment(Func<string, string?> environment) => new()
    {
        Policy = ToolPolicyWords.FromEnvironment(environment),
        SealingSecret = environment(EmbeddedOptions.SecretKeysVariable),
        PublicUrl = Url(environment(PublicUrlVariable)),
        Origins = Names(environment(OriginsVariable), StringComparer.OrdinalIgnoreCase),
        Hosts = Names(environment(HostsVariable), StringComparer.OrdinalIgnoreCase),
    };

    private static HashSet<string> Names(string? text, StringComparer comparer) =>
        (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.TrimEnd('/')).ToHashSet(comparer);

    private static string? Url(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
            ? text.Trim().TrimEnd('/')
            : throw new KitaruUsageException($"{PublicUrlVariable} must be an address with http or https; it is '{Texts.Short(text, 80)}'.", $"For example {PublicUrlVariable}=https://kitaru.example.com.");
    }
}
