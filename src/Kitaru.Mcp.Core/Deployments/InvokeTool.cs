using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_invoke.</summary>
internal static class InvokeTool
{
    public const string ToolName = "kitaru_deployments_invoke";

    public static KitaruTool Create() => new()
    {
        Name = ToolName,
        Title = "Invoke a deployment",
        Description =
            "Starts one execution of a deployed flow, by version, tag, or else the tag default, and answers with its exec_id, at once or after wait_seconds; the source is not needed. inputs override "
            + "those of the deploy (see schema of kitaru_deployments_get); stack and settings are frozen. Next: kitaru_executions_get(exec_id, wait_seconds=50); when waiting, "
            + "kitaru_executions_input.",
        WithoutSources = "Nothing is built here: to run or deploy from source, use kitaru-mcp or kitaru where the source is, connected to this server.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            DeploymentArguments.Flow(),
            DeploymentArguments.VersionOrNull("without either the tag default is meant."),
            DeploymentArguments.TagOrNull(),
            Argument.Map("inputs", "Inputs by parameter name; the rest as deployed.", new JsonObject { ["topic"] = "durable execution" }),
            ExecutionArguments.Tags("tags", "Labels to find the execution by."),
            ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question."),
        ],
        Output = Output(),
        StartsExecution = true,
        CallAsync = CallAsync,
    };

    public static JsonObject Output() => ResultSchema.Object(
        "The execution that was started.",
        ("exec_id", Shape.Text("Its id.")),
        ("flow", Shape.Text("The flow.")),
        ("selector", Shape.Object("How the deployment was chosen.",
            ("version", Shape.OrNull(Shape.Integer("The version that was asked for."))),
            ("tag", Shape.OrNull(Shape.Text("The tag that was asked for; default when nothing was."))))),
        ("execution", Shape.OrNull(ExecutionShapes.Changed())),
        ("warning", Shape.OrNull(Shape.Text("Why execution is null though it was started."))))
        .With("$defs", ExecutionShapes.GistDefinitions());

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (flow, version, tag) = (call.Text("flow").Trim(), DeploymentArguments.VersionOf(call), call.TextOrNull("tag")?.Trim());
        var options = new InvokeOptions { Tags = call.Texts("tags") };
        await call.Backend.OpenAsync(cancellationToken);
        var deployments = call.Backend.Client.Deployments;
        var handle = version is null && tag is null
            ? await deployments.InvokeDefaultAsync(flow, call.MapOrNull("inputs"), options, cancellationToken)
            : await deployments.InvokeAsync(flow, version, tag, call.MapOrNull("inputs"), options, cancellationToken);
        var (execution, warning) = await ExecutionAnswers.StartedAsync(call, handle, cancellationToken);
        return ToolAnswer.Of(InvocationJson.Of(handle.Id, flow, version, tag, execution, warning));
    }
}
