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
            "Builds a flow and stores it as its next numbered version, which can be invoked without the source; answers the deployment. Nothing is run. Settings are "
            + "frozen. Without tag the reserved tag default moves to the new version, so plain invokes lead there; a first deployment gets default in any case. "
            + "To try it out first: tag=\"canary\", exclusive=true. Executions that are under way stay on their version and code: in_flight lists them. "
            + "dry_run=true stores nothing and tells for each whether what it recorded would fit the new code. "
            + "A failing build or wrong input is an error and stores nothing. Next: kitaru_deployments_invoke(flow, version or tag).",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Needs = ToolNeeds.Sources,
        Arguments =
        [
            Argument.Text(
                "target", "<where>:<flow>, as in kitaru_executions_run: a .cs file, a .csproj, a directory, a .dll or an assembly name, then a colon and the flow's name.",
                required: true, example: "flows/Research.cs:research_agent"),
            Argument.Map(
                "inputs", "Inputs every invoke starts from, by parameter name; it may override them. Those left out are given at invoke. The names cache, image, retries, stack and tags are reserved.",
                new JsonObject { ["topic"] = "durable execution" }),
            Argument.Text("tag", "A tag for the new version, 1 to 128 characters. default, which is always exclusive, is what an invoke without version and tag means.", preset: DeploymentRules.DefaultTag),
            Argument.Flag("exclusive", "true: the tag leaves all older versions in the same moment. false: they keep it, and while several have it, it selects none.", preset: false),
            Argument.Text("stack", "The stack its executions run on; without it what the flow, the configuration or the active stack says.", example: StackRecord.DefaultName),
            Argument.TextOrMap(
                "image", "What its processes are made of: a base image's name, or an object such as {\"environment\": {...}, \"secret_environment_from\": [\"openai-creds\"]}. Unknown keys are refused.",
                new JsonObject { ["environment"] = new JsonObject { ["LOG_LEVEL"] = "debug" } }),
            new Argument("cache", Shape.Flag("Whether checkpoints may reuse results of other executions; overrides every checkpoint. Left out: each decides."), Required: false),
            Argument.Integer("retries", "How often the whole flow is tried again after a failure, from 0. Left out: what the flow says.", least: 0, most: int.MaxValue),
            Argument.Flag("dry_run", "true: build and check everything, store nothing, and check the executions in flight against the new code.", preset: false),
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
