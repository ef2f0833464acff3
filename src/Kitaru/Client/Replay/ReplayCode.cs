using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>Which code replays run: at most one of the three is given.</summary>
/// <param name="Choice">Recorded or present code; null for what is usual: a deployment's own, else the target's present code.</param>
/// <param name="Version">A deployment of the flow.</param>
/// <param name="Target">Another target of the flow.</param>
internal sealed record ReplayCode(ExecutionCode? Choice, int? Version = null, string? Target = null)
{
    /// <summary>Refuses more than one of the three.</summary>
    public ReplayCode Checked()
    {
        var given = new[] { Choice is null ? null : "code", Version is null ? null : "version", Target is null ? null : "target" }.OfType<string>().ToArray();
        if (given.Length > 1)
        {
            throw new KitaruUsageException(
                $"{string.Join(" and ", given)} were given; each of them alone says which code the replay runs.", $"Call again with {given[0]} only.")
            {
                Details = new() { ["argument"] = given[0], ["expected"] = "one of code, version and target", ["got"] = string.Join(", ", given) },
            };
        }
        if (Version is { } version)
            DeploymentRules.Version(version);
        return this;
    }

    /// <summary>Whether the execution's own code is to be built anew.</summary>
    public bool SaysCurrent(ExecutionRecord execution) => Version is null && Target is null && IsCurrent(execution);

    /// <summary>What runs, in words: <c>current</c>, <c>recorded</c>, or the deployment or target that was named.</summary>
    public string Name(ExecutionRecord execution) =>
        Version is { } version ? $"version {version}" : Target is { } target ? $"target {target}" : IsCurrent(execution) ? "current" : "recorded";

    private bool IsCurrent(ExecutionRecord execution) => (Choice ?? (execution.Deployment is null ? ExecutionCode.Current : ExecutionCode.Recorded)) == ExecutionCode.Current;
}
