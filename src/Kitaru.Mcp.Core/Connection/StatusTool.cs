using Kitaru.Client.Status;
using Kitaru.Mcp.Flows;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>kitaru_status.</summary>
internal static class StatusTool
{
    private const int FlowsSaid = 5;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_status",
        Title = "Show Kitaru's status",
        Description =
            "Shows what Kitaru is connected to: version, store or server, user, active stack and project, environment variables (secrets masked), and a warning when something "
            + "does not work. First when other tools fail. Next: kitaru_executions_list.",
        Hints = ToolHints.Read,
        Output = RuntimeShape.Output(),
        CallAsync = (call, cancellationToken) => call.Backend.Status.GetAsync(() => MakeAsync(call, cancellationToken)),
    };

    private static async Task<ToolAnswer> MakeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var fault = await FaultAsync(call, cancellationToken);
        var snapshot = await RuntimeSnapshots.TakeAsync(call.Backend.Client, fault, cancellationToken: cancellationToken);
        var status = snapshot.ToJson();
        if (fault is null && await LeftOutAsync(call, cancellationToken) is { } warning)
            status["warning"] = status["warning"] is { } other ? $"{other}\n{warning}" : warning;
        return ToolAnswer.Of(status);
    }

    /// <summary>Which flows are tagged to be tools and are not, or null.</summary>
    private static async Task<string?> LeftOutAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (_, leftOut) = await new FlowTools().ListAsync(call.Backend, cancellationToken);
        return leftOut.Count == 0 ? null
            : $"Tagged '{FlowTools.Tag}' and not offered as tools: " + string.Join("; ", leftOut.Take(FlowsSaid).Select(flow => $"{FlowToolInputs.Clean(flow.Flow, 80)} ({flow.Why})"))
            + (leftOut.Count > FlowsSaid ? $"; and {leftOut.Count - FlowsSaid} more." : ".");
    }

    /// <summary>Why calls would fail now, or null.</summary>
    public static async Task<KitaruException?> FaultAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            await call.Backend.OpenAsync(cancellationToken);
            return null;
        }
        catch (KitaruException fault)
        {
            return fault;
        }
    }
}
