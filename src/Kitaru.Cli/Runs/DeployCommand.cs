using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Runs;

/// <summary>kitaru deploy.</summary>
internal static class DeployCommand
{
    public static LeafCommand Create()
    {
        var settings = new RunSettings("Inputs that every invocation starts from, by parameter name; it may give others.");
        var tag = CommonOptions.Text("--tag", "TAG", $"A tag for the new version. Default: {DeploymentRules.DefaultTag}, where an invoke without version and tag leads to.");
        var exclusive = CommonOptions.Flag("--exclusive", "The tag leaves all other versions.");
        var command = new LeafCommand(
            "deploy", "Builds a flow and stores it as its next version, ready to be invoked without its source.", "kitaru deploy flows/Research.cs:research_agent --tag canary --exclusive",
            async (call, cancellationToken) =>
            {
                var options = settings.DeployOptions(call) with
                {
                    Tags = new Dictionary<string, bool> { [call.Get(tag) ?? DeploymentRules.DefaultTag] = call.Get(exclusive) },
                };
                Deployment deployment;
                using (var progress = new ProgressLine(call))
                    deployment = await call.Client.Deployments.DeployTargetAsync(call.Get(settings.Target), options, progress, cancellationToken);
                return Answer.Item(DeploymentJson.Of(deployment.Record), DeploymentText.Snapshot(deployment.Record)) with
                {
                    Warnings = deployment.Warning is null ? [] : [deployment.Warning],
                    Hints = [Invoke(deployment.Record)],
                };
            });
        settings.AddTo(command);
        command.Add(tag);
        command.Add(exclusive);
        return command;
    }

    private static string Invoke(DeploymentRecord deployment) =>
        deployment.Tags.ContainsKey(DeploymentRules.DefaultTag) ? $"kitaru invoke {deployment.Flow}" : $"kitaru invoke {deployment.Flow} --version {deployment.Version}";
}
