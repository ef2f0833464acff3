using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Runs;

/// <summary>kitaru build.</summary>
internal static class BuildCommand
{
    public static LeafCommand Create()
    {
        var settings = new RunSettings("Inputs that every invocation starts from, by parameter name.");
        var command = new LeafCommand(
            "build", "Builds a flow and stores it as its next version, without a tag: nothing leads to it before kitaru flow tag.", "kitaru build flows/Research.cs:research_agent", async (call, cancellationToken) =>
            {
                Deployment built;
                using (var progress = new ProgressLine(call))
                    built = await call.Client.Deployments.DeployTargetAsync(call.Get(settings.Target), settings.DeployOptions(call) with { DefaultOnFirst = false }, progress, cancellationToken);
                return Answer.Item(DeploymentJson.Of(built.Record), DeploymentText.Snapshot(built.Record)) with
                {
                    Warnings = built.Warning is null ? [] : [built.Warning],
                    Hints = [$"kitaru flow tag {built.Flow} default --version {built.Version}"],
                };
            });
        settings.AddTo(command);
        return command;
    }
}
