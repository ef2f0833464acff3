using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_deploy.</summary>
internal static class DeployTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_deploy",
        Title = "Deploy a flow",
        Description =
            "Builds a flow and stores it, settings frozen, as its next numbered version, to be invoked without the source; runs nothing. Without tag, and for a first version, default moves to it, "
            + "so that plain invokes lead there; to try it first: tag=\"canary\", exclusive=true. Executions under way keep their code: in_flight lists them; dry_run=true stores "
            + "nothing and says for each whether it would fit the new code. A failing build stores nothing. Next: kitaru_deployments_invoke.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Needs = ToolNeeds.Sources,
        Arguments =
        [
            Argument.Text(
                "target", "<where>:<flow>, as in kitaru_executions_run.",
                required: true, example: "flows/Research.cs:research_agent"),
            Argument.Map(
                "inputs", "Inputs every invoke starts from and may override. Reserved: cache, image, retries, stack, tags.",
                new JsonObject { ["topic"] = "durable execution" }),
            Argument.Text("tag", "A tag for the new version; default is what plain invokes mean.", preset: DeploymentRules.DefaultTag),
            Argument.Flag("exclusive", "true: the tag leaves all other versions at once. While several have it, it selects none.", preset: false),
            Argument.Text("stack", "Where its executions run; left out: as configured.", example: StackRecord.DefaultName),
            Argument.TextOrMap(
                "image", "A base image's name, or an object: {\"environment\": {}, \"secret_environment_from\": [\"openai-creds\"]}.",
                new JsonObject { ["environment"] = new JsonObject { ["LOG_LEVEL"] = "debug" } }),
            new Argument("cache", Shape.Flag("Whether checkpoints may reuse other executions' results; left out: each decides."), Required: false),
            Argument.Integer("retries", "Retries of the whole flow; left out: as it says.", least: 0, most: int.MaxValue),
            Argument.Flag("dry_run", "Build and check, store nothing.", preset: false),
        ],
        Output = DeploymentShapes.DeployResult(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var options = new DeployOptions
        {
            Inputs = call.MapOrNull("inputs"),
            Tags = new Dictionary<string, bool> { [call.Text("tag")] = call.Flag("exclusive") },
            Stack = call.TextOrNull("stack"),
            Image = ImageOf(call),
            Cache = call.Any("cache")?.GetValue<bool>(),
            Retries = (int?)call.IntegerOrNull("retries"),
        };
        await call.Backend.OpenAsync(cancellationToken);
        var deployments = call.Backend.Client.Deployments;
        if (call.Flag("dry_run"))
        {
            var plan = await deployments.PlanDeployAsync(call.Text("target"), options, call.Progress, cancellationToken);
            var checks = plan.Checks.ToDictionary(check => check.Execution);
            return Answer(DeploymentJson.Of(plan.Deployment), isDryRun: true, plan.InFlight, checks, plan.Warning);
        }
        var deployment = await deployments.DeployTargetAsync(call.Text("target"), options, call.Progress, cancellationToken);
        return Answer(DeploymentJson.Of(deployment.Record), isDryRun: false, await deployments.FindInFlightAsync(deployment, cancellationToken: cancellationToken), [], deployment.Warning);
    }

    private static ImageSettings? ImageOf(ToolCall call) => call.Any("image") switch
    {
        null => null,
        // Some clients send an object as text.
        JsonValue text when JsonText.TryDecode(text.GetValue<string>(), out var decoded) => ImageSettings.Parse(decoded),
        var image => ImageSettings.Parse(image),
    };

    private static ToolAnswer Answer(JsonObject deployment, bool isDryRun, OtherCodeInFlight inFlight, Dictionary<ExecutionId, ReplayCheck> checks, string? warning)
    {
        deployment["dry_run"] = isDryRun;
        deployment["in_flight_count"] = inFlight.Count;
        deployment["in_flight"] = new JsonArray([.. inFlight.Items.Select(item => new JsonObject
        {
            ["exec_id"] = item.Id.ToString(),
            ["status"] = StatusWords.Of(item.Status),
            ["version"] = item.Deployment?.Version,
            ["snapshot_id"] = item.Snapshot.Value,
            ["would_replay"] = checks.GetValueOrDefault(item.Id)?.WouldReplay,
            ["why"] = checks.GetValueOrDefault(item.Id)?.Why,
        })]);
        deployment["warning"] = warning;
        return ToolAnswer.Of(deployment);
    }
}
