using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>kitaru_executions_replay.</summary>
internal static class ReplayTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_replay",
        Title = "Replay from a checkpoint",
        Description =
            "Starts a new execution that takes over everything an earlier one recorded before from_, and runs that call and all that followed on it again; the earlier "
            + "execution is never changed. Use it to try another value (overrides, flow_inputs) or changed code without paying for the finished part. With dry_run=true it only "
            + "answers the plan: for each recorded call reused, overridden or run, and why; explain that to the user before running it. "
            + "For a failed execution, from_ is usually the checkpoint before the failing one: see checkpoints of kitaru_executions_get. "
            + "Checkpoints that run again have their side effects again; waits in the replayed part ask again. "
            + "Next: kitaru_executions_get with the new exec_id and wait_seconds=50, then kitaru_executions_diff.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            Argument.Text("exec_id", "The execution to replay, a UUID: one that waits for input or has ended.", required: true, example: "0199c0de-0000-7000-8000-000000000000"),
            Argument.Text("from_", "The call to start from: its name in checkpoints (a repeat is name_2), its call_id, or a wait's name.", required: true, example: "write_draft"),
            Argument.Map(
                "overrides",
                "Outputs to change: an object with keys checkpoint.<name or call_id>. That call does not run; whatever followed directly on it runs with the given value.",
                new JsonObject { ["checkpoint.classify"] = "urgent" }),
            Argument.Map("flow_inputs", "Flow inputs to change, by parameter name, on top of the recorded ones.", new JsonObject { ["currency"] = "EUR" }),
            Argument.Flag("dry_run", "Only plan: nothing is started, execution is null.", preset: false),
            ExecutionArguments.Code(
                "current: the present code of the target, built first; before anything new reaches the flow it must make the recorded calls, or the replay fails with origin "
                + "divergence. recorded: the code of the execution. Left out: recorded for an execution of a deployment, else current. Not with version or target."),
            Argument.Integer("version", "Run the code of this deployment of the flow, see kitaru_deployments_list; stack and settings stay the execution's. Not with code or target.", least: 1, most: int.MaxValue),
            Argument.Text("target", "Build this target and run its code; it must be the same flow. Not with code or version.", example: "flows/Research.cs:research_agent"),
            ExecutionArguments.WaitSeconds("Wait until the call has taken this many seconds (0 to 50), a build included, and answer early when the new execution ends or asks for input."),
        ],
        Output = ResultSchema.Object(
            "The replay.",
            ("available", Shape.Flag("Always true.")),
            ("operation", Shape.Words("Which it was.", ["replay"])),
            ("execution", Shape.OrNull(ExecutionShapes.Full())),
            ("plan", ReplayShapes.Plan()),
            ("warning", Shape.OrNull(Shape.Text("What is not as it was asked for."))),
            ("truncated", Shape.OrNull(Shape.Map("What was left out of the plan to keep the answer small."))))
            .With("$defs", ExecutionShapes.Definitions()),
        StartsExecution = true,
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (id, from) = (call.ExecutionId("exec_id"), call.Text("from_"));
        var options = new ReplayOptions
        {
            Overrides = call.MapOrNull("overrides"),
            FlowInputs = call.MapOrNull("flow_inputs"),
            Code = ExecutionArguments.CodeOf(call),
            Version = (int?)call.IntegerOrNull("version"),
            Target = call.TextOrNull("target"),
        };
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var executions = call.Backend.Client.Executions;
        if (call.Flag("dry_run"))
            return Answer(await executions.PlanReplayAsync(id, from, options, cancellationToken), null, null);
        var replay = await executions.ReplayAsync(id, from, options, call.Progress, cancellationToken);
        await ExecutionAnswers.WaitAsync(call, replay.Id, cancellationToken);
        var plan = await kitaru.Replays.FindPlanAsync(replay.Id, cancellationToken);
        var execution = await ExecutionAnswers.FullAsync(kitaru, replay.Id, cancellationToken);
        return Answer(plan!, execution, replay.Warning);
    }

    private static ToolAnswer Answer(ReplayPlan plan, JsonObject? execution, string? warning)
    {
        // The plan stands beside the execution, once.
        if (execution is not null)
            execution["replay_plan"] = null;
        return ToolAnswer.Of(ResultBudget.FitPlan(new JsonObject
        {
            ["available"] = true,
            ["operation"] = "replay",
            ["execution"] = execution,
            ["plan"] = ReplayPlanJson.Shown(plan),
            ["warning"] = warning,
            ["truncated"] = null,
        }));
    }
}
