using Kitaru.Client.Status;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>kitaru_info.</summary>
internal static class InfoTool
{
    private const int PackagesMax = 100;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_info",
        Title = "Show Kitaru's installation",
        Description =
            "Shows all of kitaru_status, and on request package versions, what the process runs in, and why this stack and project are active. For bug reports, and where a "
            + "setting comes from.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Flag("all", "Packages, environment, and where settings come from.", false),
            Argument.Flag("all_packages", "The versions of all packages.", false),
            Argument.TextList("packages", "Packages whose versions to show.", PackagesMax, "kitaru-core"),
        ],
        Output = RuntimeShape.Output(),
        CallAsync = async (call, cancellationToken) =>
        {
            var question = new RuntimeQuestion { All = call.Flag("all"), AllPackages = call.Flag("all_packages"), Packages = call.Texts("packages") };
            var fault = await StatusTool.FaultAsync(call, cancellationToken);
            return ToolAnswer.Of((await RuntimeSnapshots.TakeAsync(call.Backend.Client, fault, question, cancellationToken)).ToJson());
        },
    };
}
