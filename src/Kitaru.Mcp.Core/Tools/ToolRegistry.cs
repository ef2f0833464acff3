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
            .. Of(Toolsets.Status, Connection.StatusTool.Create(), Connection.InfoTool.Create(), Connection.StartServerTool.Create(), Connection.StopServerTool.Create(), Cleaning.PreviewTool.Create()),
            .. Of(
                Toolsets.Executions, Executions.RunTool.Create(), Executions.ListTool.Create(), Executions.GetTool.Create(), Executions.LatestTool.Create(),
                Statistics.StatisticsTool.Create(), Executions.ExplainTool.Create(), Logs.LogsTool.Create(), Artifacts.ListTool.Create(), Artifacts.GetTool.Create(),
                Executions.InputTool.Create(), Executions.AbortWaitTool.Create(), Executions.CancelTool.Create(), Executions.RetryTool.Create(), Executions.ResumeTool.Create(),
                Executions.TagTool.Create(), Bulk.BulkTool.Create()),
            .. Of(
                Toolsets.Replay, Replay.ReplayTool.Create(), Replay.DiffTool.Create(), Replay.CohortTool.Create(), Replay.ReplayManyTool.Create(), Replay.DiffMatrixTool.Create()),
            .. Of(
                Toolsets.Deployments, Deployments.DeployTool.Create(), Deployments.InvokeTool.Create(), Deployments.ListTool.Create(), Deployments.GetTool.Create(),
                Deployments.TagTool.Create(), Deployments.UntagTool.Create(), Deployments.DeleteTool.Create()),
            .. Of(Toolsets.Stacks, Stacks.ListTool.Create(), Stacks.ManageTool.Create()),
            .. Of(Toolsets.Secrets, Secrets.ListTool.Create(), Secrets.CreateTool.Create()),
            .. Of(Toolsets.Storage, Retention.StoreSizeTool.Create(), Retention.PruneTool.Create(), Retention.DeleteTool.Create()),
        ];
        _byName = Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<KitaruTool> Tools { get; }

    public KitaruTool? TryFind(string name) => _byName.GetValueOrDefault(name);

    public KitaruTool Find(string? name) =>
        name is not null && TryFind(name) is { } tool
            ? tool
            : throw new KitaruUsageException(
                $"There is no tool '{Texts.Short(name ?? "", 80)}'.{Texts.DidYouMean(name ?? "", _byName.Keys)}",
                "Call tools/list for the tools there are.");

    private static IEnumerable<KitaruTool> Of(string toolset, params KitaruTool[] tools) => tools.Select(tool => Idempotency.KeyedCalls.Add(Audit.AuditedTool.Add(tool with { Toolset = toolset })));
}
