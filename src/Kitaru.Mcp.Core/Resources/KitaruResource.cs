using Kitaru.Mcp.Completions;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Resources;

/// <summary>A kind of resource: its template, and how one is read.</summary>
internal sealed record KitaruResource
{
    public required UriPattern Pattern { get; init; }

    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>Null where it depends on what is stored.</summary>
    public string? MimeType { get; init; }

    /// <summary>The group of tools it is switched on and off with.</summary>
    public required string Toolset { get; init; }

    /// <summary>What its variables are completed with.</summary>
    public IReadOnlyDictionary<string, Suggests> Suggests { get; init; } = new Dictionary<string, Suggests>();

    public required Func<ResourceCall, CancellationToken, Task<IList<ResourceContents>>> ReadAsync { get; init; }

    /// <summary>Whether what was read stays true for ever.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>How it stands, to notice changes; null for what cannot be subscribed to.</summary>
    public Func<ResourceCall, CancellationToken, Task<ResourceState>>? StateAsync { get; init; }
}

/// <summary>How a resource stands.</summary>
/// <param name="Mark">Another text for another state.</param>
/// <param name="HasEnded">Nothing will change any more by itself.</param>
internal sealed record ResourceState(string Mark, bool HasEnded);
