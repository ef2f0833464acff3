using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Runs;

/// <summary>Deployments as people see them.</summary>
internal static class DeploymentText
{
    public static Snapshot Snapshot(DeploymentRecord deployment) => new(
        "Kitaru deployment",
        ("Flow", deployment.Flow),
        ("Version", $"v{deployment.Version}"),
        ("Tags", Tags(deployment.Tags)),
        ("Created", Cell.Time(deployment.CreatedAt)),
        ("Stack", deployment.StackName),
        ("Deployment ID", deployment.Id.ToString()),
        ("Commit", deployment.CommitSha),
        ("Dirty", deployment.CommitDirty is { } dirty ? dirty ? "yes" : "no" : null),
        ("Image digest", deployment.ImageDigest));

    /// <summary>A star stands for an exclusive one.</summary>
    public static string Tags(IReadOnlyDictionary<string, bool> tags) =>
        tags.Count == 0 ? "none" : string.Join(", ", tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value ? tag.Key + "*" : tag.Key));
}
