using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Flows;

/// <summary>Arguments and options that commands about deployed flows share.</summary>
internal static class FlowOptions
{
    public static Argument<string> Flow() => CommonOptions.Argument("FLOW", "The flow's name: see kitaru flow list.");

    public static Argument<string> Tag() => CommonOptions.Argument("TAG", "The tag; upper and lower case differ.");

    public static Option<int?> Version()
    {
        var option = CommonOptions.Number("--version", "The version.", 1);
        option.Required = true;
        return option;
    }
}

/// <summary>Which deployment of a flow is meant: a version or a tag, else the one tagged <c>default</c>.</summary>
internal sealed class Selector
{
    public Option<int?> Version { get; } = CommonOptions.Number("--version", "The version.", 1);

    public Option<string?> Tag { get; } = CommonOptions.Text("--tag", "TAG", $"A tag that is on exactly one version. Without version and tag: {DeploymentRules.DefaultTag}.");

    public int? VersionOf(CommandCall call) => call.Get(Version);

    public string? TagOf(CommandCall call) => call.Get(Tag)?.Trim();

    public Task<Deployment> FindAsync(CommandCall call, string flow, CancellationToken cancellationToken) =>
        call.Client.Deployments.GetAsync(flow.Trim(), VersionOf(call), TagOf(call), cancellationToken);
}
