using Kitaru.Core;

namespace Kitaru.Mcp.Tools;

/// <summary>All tools, in the order in which they are listed. A new tool is one file in its noun's folder and one line here.</summary>
internal sealed class ToolRegistry
{
    private readonly Dictionary<string, KitaruTool> _byName;

    public ToolRegistry()
    {
        Tools =
        [
            Connection.StatusTool.Create(),
            Connection.InfoTool.Create(),
            Connection.StartServerTool.Create(),
            Connection.StopServerTool.Create(),
            Executions.RunTool.Create(),
            Stacks.ListTool.Create(),
            Stacks.ManageTool.Create(),
            Executions.ListTool.Create(),
            Executions.GetTool.Create(),
            Executions.LatestTool.Create(),
            Statistics.StatisticsTool.Create(),
            Executions.InputTool.Create(),
            Executions.CancelTool.Create(),
            Executions.RetryTool.Create(),
            Replay.ReplayTool.Create(),
            Replay.ReplayManyTool.Create(),
            Replay.CohortTool.Create(),
            Replay.DiffTool.Create(),
            Replay.DiffMatrixTool.Create(),
            Executions.ExplainTool.Create(),
            Executions.ResumeTool.Create(),
            Executions.AbortWaitTool.Create(),
            Executions.TagTool.Create(),
            Retention.DeleteTool.Create(),
            Retention.PruneTool.Create(),
            Deployments.DeployTool.Create(),
            Deployments.InvokeTool.Create(),
            Deployments.ListTool.Create(),
            Deployments.GetTool.Create(),
            Deployments.TagTool.Create(),
            Deployments.UntagTool.Create(),
            Deployments.DeleteTool.Create(),
            Logs.LogsTool.Create(),
            Artifacts.ListTool.Create(),
            Artifacts.GetTool.Create(),
            Secrets.CreateTool.Create(),
            Secrets.ListTool.Create(),
            Retention.StoreSizeTool.Create(),
        ];
        Tools = [.. Tools.Select(Idempotency.KeyedCalls.Add)];
        _byName = Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<KitaruTool> Tools { get; }

    public KitaruTool Find(string? name) =>
        name is not null && _byName.TryGetValue(name, out var tool)
            ? tool
            : throw new KitaruUsageException(
                $"There is no tool '{Texts.Short(name ?? "", 80)}'.{Texts.DidYouMean(name ?? "", _byName.Keys)}",
                "Call tools/list for the tools there are.");
}
