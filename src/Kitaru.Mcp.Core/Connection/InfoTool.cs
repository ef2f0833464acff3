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
            "Shows all of kitaru_status, and on request versions of packages, what the process runs in, and why this stack and project are active. For bug reports, and for the "
            + "question where a setting comes from; kitaru_status is enough to see whether things work. Nothing secret is shown.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Flag("all", "Everything: all packages, the type of environment, and where the active stack and project come from.", false),
            Argument.Flag("all_packages", "The versions of all packages of kitaru-mcp.", false),
            Argument.TextList("packages", "Names of packages whose versions to show, such as kitaru-core.", PackagesMax, "kitaru-core"),
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
