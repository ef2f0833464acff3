using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Resources;

namespace Kitaru.Mcp.Completions;

/// <summary>Names and ids from the store that begin with what was typed.</summary>
/// <param name="kitaru">The store of the caller's project.</param>
/// <param name="chosen">What was chosen before for the other arguments.</param>
internal sealed class StoredWords(IControlPlane kitaru, IDictionary<string, string> chosen)
{
    /// <summary>How many of the newest executions and deployments are looked at.</summary>
    private const int LookedAtMax = 1000;

    private static readonly string[] Kinds = ["prompt", "response", "context", "input", "output", "blob"];

    /// <summary>Those that match, and how many there are; null where more were not looked at.</summary>
    public async Task<(IReadOnlyList<string> Found, int? Total)> FindAsync(Suggests suggests, string typed, CancellationToken cancellationToken)
    {
        var (words, isAll) = suggests switch
        {
            Suggests.Executions => await ExecutionsAsync([], cancellationToken),
            Suggests.FailedExecutions => await ExecutionsAsync([ExecutionStatus.Failed], cancellationToken),
            Suggests.CompletedExecutions => await ExecutionsAsync([ExecutionStatus.Completed], cancellationToken),
            Suggests.Flows => await FlowsAsync(cancellationToken),
            Suggests.DeployedFlows => await DeployedFlowsAsync(cancellationToken),
            Suggests.Targets => await TargetsAsync(cancellationToken),
            Suggests.Tags => await GroupsAsync(StatisticsDimension.Tag, group => group.Keys["tag"]?.ToString(), cancellationToken),
            Suggests.DeploymentTags => await DeploymentTagsAsync(cancellationToken),
            Suggests.Versions => await VersionsAsync(cancellationToken),
            Suggests.Stacks => ((await kitaru.Stacks.ListAsync(cancellationToken)).Select(stack => stack.Name), true),
            Suggests.Checkpoints => (await DetailAsync(cancellationToken) is { } detail ? detail.Calls.Select(call => call.Name) : [], true),
            Suggests.Artifacts => await ArtifactsAsync(cancellationToken),
            Suggests.Kinds => (Kinds, true),
            Suggests.Levels => (LogResource.Levels, true),
            Suggests.Sources => (LogResource.Sources, true),
            _ => ((IEnumerable<string>)[], true),
        };
        List<string> found = [.. words.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal)];
        return (found, isAll ? found.Count : null);
    }

    private async Task<(IEnumerable<string>, bool)> ExecutionsAsync(IReadOnlyList<ExecutionStatus> statuses, CancellationToken cancellationToken)
    {
        var page = await NewestAsync(statuses, cancellationToken);
        return (page.Items.Select(execution => execution.Id.ToString()), page.NextCursor is null);
    }

    private async Task<(IEnumerable<string>, bool)> TargetsAsync(CancellationToken cancellationToken)
    {
        var page = await NewestAsync([], cancellationToken);
        return (page.Items.Select(execution => execution.Target).OfType<string>().Where(target => target.Contains(':', StringComparison.Ordinal)), page.NextCursor is null);
    }

    private async Task<(IEnumerable<string>, bool)> FlowsAsync(CancellationToken cancellationToken)
    {
        var (ran, areAllRan) = await GroupsAsync(StatisticsDimension.Flow, group => group.Labels.FirstOrDefault(label => label.Key == "flow_name").Value, cancellationToken);
        var (deployed, areAllDeployed) = await DeployedFlowsAsync(cancellationToken);
        return (ran.Concat(deployed).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), areAllRan && areAllDeployed);
    }

    private async Task<(IEnumerable<string>, bool)> DeployedFlowsAsync(CancellationToken cancellationToken)
    {
        var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Limit = LookedAtMax }, cancellationToken);
        return (page.Items.Select(deployment => deployment.Flow), page.NextCursor is null);
    }

    private async Task<(IEnumerable<string>, bool)> DeploymentTagsAsync(CancellationToken cancellationToken)
    {
        var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Flow = Chosen("flow"), Limit = LookedAtMax }, cancellationToken);
        return (page.Items.SelectMany(deployment => deployment.Tags.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), page.NextCursor is null);
    }

    private async Task<(IEnumerable<string>, bool)> VersionsAsync(CancellationToken cancellationToken)
    {
        if (Chosen("flow") is not { } flow)
            return ([], true);
        var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Flow = flow, Limit = LookedAtMax }, cancellationToken);
        return (page.Items.Select(deployment => deployment.Version).OrderDescending().Select(version => version.ToString(CultureInfo.InvariantCulture)), page.NextCursor is null);
    }

    private async Task<(IEnumerable<string>, bool)> ArtifactsAsync(CancellationToken cancellationToken)
    {
        if (await DetailAsync(cancellationToken) is { } detail)
            return (detail.Artifacts.Select(artifact => artifact.Id.ToString()), true);
        var page = await NewestAsync([], cancellationToken);
        return (page.Items.SelectMany(execution => (string[])(execution.Result is null
            ? [ExecutionJson.InputsId(execution.Id)]
            : [ExecutionJson.ResultId(execution.Id), ExecutionJson.InputsId(execution.Id)])), page.NextCursor is null);
    }

    /// <summary>The execution that was chosen, or null.</summary>
    private async Task<ExecutionDetail?> DetailAsync(CancellationToken cancellationToken) =>
        ExecutionId.TryParse(Chosen("exec_id"), out var id) && await kitaru.Executions.FindAsync(id, cancellationToken) is not null
            ? await kitaru.Executions.GetAsync(id, cancellationToken)
            : null;

    private Task<Page<ExecutionRecord>> NewestAsync(IReadOnlyList<ExecutionStatus> statuses, CancellationToken cancellationToken) =>
        kitaru.Executions.ListAsync(new ExecutionQuery { Statuses = statuses, Flow = Chosen("flow"), Limit = LookedAtMax }, cancellationToken);

    private async Task<(IEnumerable<string>, bool)> GroupsAsync(StatisticsDimension dimension, Func<StatisticsGroup, string?> nameOf, CancellationToken cancellationToken)
    {
        var result = await kitaru.Statistics.ComputeAsync(new StatisticsQuery { GroupBy = [new StatisticsGrouping(dimension)], MaxGroups = LookedAtMax }, cancellationToken);
        return (result.Groups.Select(nameOf).OfType<string>().Order(StringComparer.Ordinal), !result.IsTruncated);
    }

    private string? Chosen(string name) => chosen.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
