using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions replay.</summary>
internal static class ReplayCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        var from = new System.CommandLine.Option<string>("--from") { Description = "The call to start from: a checkpoint's name or call id, or a wait's name.", HelpName = "CHECKPOINT", Required = true };
        var args = JsonOption.Create("--args", "Flow inputs to change, by parameter name.");
        var overrides = JsonOption.Create("--overrides", "Outputs to change: an object with keys checkpoint.<name or call id>.");
        var code = ExecutionOptions.Code("current: the target's present code. recorded: that of the execution. Default: recorded for a deployment's execution, else current.");
        var version = CommonOptions.Number("--version", "Run the code of this deployment of the flow.", 1);
        var target = CommonOptions.Text("--target", "TARGET", "Build this target and run its code; it must be the same flow.");
        var dryRun = CommonOptions.Flag("--dry-run", "Start nothing; show what would be reused and what would run.");
        return new LeafCommand(
            "executions.replay", "Starts a new execution that takes over everything before a call from an earlier one, and runs the rest.",
            "kitaru executions replay 0199c0de-0000-7000-8000-000000000000 --from write_draft", async (call, cancellationToken) =>
            {
                var source = await ExecutionOptions.IdOf(call, id, cancellationToken);
                var options = new ReplayOptions
                {
                    FlowInputs = JsonOption.ObjectOf(call, args),
                    Overrides = JsonOption.ObjectOf(call, overrides),
                    Code = ExecutionOptions.CodeOf(call, code),
                    Version = call.Get(version),
                    Target = call.Get(target),
                };
                if (call.Get(dryRun))
                    return Plan(await call.Client.Executions.PlanReplayAsync(source, call.Get(from)!, options, cancellationToken));
                await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
                ReplayHandle replay;
                using (var progress = new ProgressLine(call))
                    replay = await call.Client.Executions.ReplayAsync(source, call.Get(from)!, options, progress, cancellationToken);
                await stack.HandOverAsync(replay.Id);
                var answer = await ExecutionAnswers.FullAsync(call, replay.Id, cancellationToken, replay.Warning);
                return answer with { Hints = [.. answer.Hints, $"kitaru executions diff {source}"] };
            })
        {
            id,
            from,
            args,
            overrides,
            code,
            version,
            target,
            dryRun,
        };
    }

    private static Answer Plan(ReplayPlan plan) => Answer.Item(
        new JsonObject { ["plan"] = ReplayPlanJson.Shown(plan) },
        new Snapshot("Kitaru replay plan", ("Source", plan.Source.ToString()), ("From", plan.From)),
        new Table("Replay steps", ["Call", "Action", "Why"], [.. plan.Steps.Select(step => (Cell[])[step.Key, ReplayPlanJson.Word(step.Action), step.Reason])]));
}
