using Kitaru.Client.Status;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>kitaru_status.</summary>
internal static class StatusTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_status",
        Title = "Show Kitaru's status",
        Description =
            "Shows what Kitaru is connected to: version, store or server, user, active stack and project, environment variables (secrets masked), and a warning when something "
            + "does not work. First when other tools fail. Next: kitaru_executions_list.",
        Hints = ToolHints.Read,
        Output = RuntimeShape.Output(),
        CallAsync = async (call, cancellationToken) =>
        {
            var fault = await FaultAsync(call, cancellationToken);
            var snapshot = await RuntimeSnapshots.TakeAsync(call.Backend.Client, fault, cancellationToken: cancellationToken);
            return ToolAnswer.Of(snapshot.ToJson());
        },
    };

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
