using System.Text.Json.Nodes;

namespace Kitaru.Client.Status;

/// <summary>What a snapshot holds only when it is asked for.</summary>
public sealed record RuntimeDetails
{
    /// <summary>Why this stack is active.</summary>
    public JsonObject? StackProvenance { get; init; }

    /// <summary>Why this project is active.</summary>
    public JsonObject? ProjectProvenance { get; init; }

    /// <summary>What the process runs in: <c>kubernetes</c>, <c>github_actions</c>, <c>gitlab_ci</c>, <c>circleci</c>, <c>docker</c> or <c>native</c>.</summary>
    public string? EnvironmentType { get; init; }

    /// <summary>Versions of packages by their name in lower case.</summary>
    public JsonObject? Packages { get; init; }
}

/// <summary>What a snapshot is to hold beyond the usual.</summary>
public sealed record RuntimeQuestion
{
    /// <summary>Everything: where stack and project come from, what the process runs in, all packages.</summary>
    public bool All { get; init; }

    /// <summary>The versions of all packages of the process.</summary>
    public bool AllPackages { get; init; }

    /// <summary>The versions of these packages.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];
}
