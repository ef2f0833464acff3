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
            "Starts a new execution that takes over what an earlier one recorded before from_ and runs that call and what followed on it again, with its side effects; waits "
            + "there ask again. The earlier one is never changed. To try other values (overrides, flow_inputs) or changed code. dry_run=true answers plan and code only: explain them "
            + "first. For a failed execution from_ is usually the checkpoint before the failing one. Next: kitaru_executions_get(exec_id, wait_seconds=50), then "
            + "kitaru_executions_diff.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            Argument.Text("exec_id", "One that waits for input or has ended.", required: true, example: "0199c0de-0000-7000-8000-000000000000"),
            Argument.Text("from_", "A checkpoint (a repeat is name_2), call_id or wait name.", required: true, example: "write_draft"),
            Argument.Map(
                "overrides",
                "Outputs to change; these calls do not run, what followed on them does.",
                new JsonObject { ["checkpoint.classify"] = "urgent" }),
            Argument.Map("flow_inputs", "Flow inputs to change, by parameter name.", new JsonObject { ["currency"] = "EUR" }),
            Argument.Flag("dry_run", "Only plan, start nothing.", preset: false),
            ExecutionArguments.Code(
                "current: the target's present code, which must make the recorded calls. Left out: recorded for a deployed execution, else current."),
            Argument.Integer("version", "Run this deployment's code instead.", least: 1, most: int.MaxValue),
            Argument.Text("target", "Run this target's code instead; the same flow.", example: "flows/Research.cs:research_agent"),
            ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question."),
        ],
        Output = ResultSchema.Object(
            "The replay.",
            ("available", Shape.Flag("Always true.")),
            ("operation", Shape.Words("Which it was.", ["replay"])),
            ("execution", Shape.OrNull(ExecutionShapes.Changed())),
            ("plan", ReplayShapes.Plan()),
            ("code", Shape.OrNull(Shape.Text("Which code it runs: current (the target's present code), recorded, or the version or target that was named."))),
            ("warning", Shape.OrNull(Shape.Text("What is not as it was asked for."))),
            ("truncated", Shape.OrNull(Shape.Map("What was left out of the plan to keep the answer small."))))
            .With("$defs", ExecutionShapes.GistDefinitions()),
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
        var (code, foretold) = await executions.CodeOfReplayAsync(id, options, cancellationToken);
        if (call.Flag("dry_run"))
            return Answer(await executions.PlanReplayAsync(id, from, options, cancellationToken), null, code, foretold);
        var replay = await executions.ReplayAsync(id, from, options, call.Progress, cancellationToken);
        await ExecutionAnswers.WaitAsync(call, replay.Id, cancellationToken);
        var plan = await kitaru.Replays.FindPlanAsync(replay.Id, cancellationToken);
        var execution = await ExecutionAnswers.FullAsync(kitaru, replay.Id, cancellationToken);
        return Answer(plan!, execution, code, replay.Warning);
    }

    /// <summary>What is answered of a replay.</summary>
    public static ToolAnswer Answer(ReplayPlan plan, JsonObject? execution, string? code, string? warning)
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
            ["code"] = code,
            ["warning"] = warning,
            ["truncated"] = null,
        }));
    }
}
