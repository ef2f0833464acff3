using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>kitaru_executions_replay_many.</summary>
internal static class ReplayManyTool
{
    /// <summary>What clients allow a call to take.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(50);

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_replay_many",
        Title = "Replay several executions",
        Description =
            "Replays several executions from the same call with the same changes; the originals are never changed. Get exec_ids from kitaru_executions_cohort. "
            + "First call it with dry_run=true and explain the plans: it starts nothing. All executions are checked before the first is started. "
            + "The replays wait their turn in the queue like any other. With several executions problems are collected in failures and skipped; with one the first problem is the error. "
            + "Checkpoints that run again have their side effects again; waits ask again. "
            + "Next: kitaru_executions_diff_matrix(exec_ids) shows what changed; kitaru_executions_list(tags) lists the replays of a tag.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            Argument.TextList("exec_ids", "The executions, 1 to 500: each waits for input or has ended. One named twice counts once.",
                most: ReplaySubmission.ExecutionsMax, example: "0199c0de-0000-7000-8000-000000000000", required: true),
            Argument.Text("at", "The call to start from, the same in all: its name in checkpoints (a repeat is name_2), or a wait's name.", required: true, example: "write_draft"),
            Argument.Map("flow_overrides", "Flow inputs to change, by parameter name, on top of the recorded ones.", new JsonObject { ["currency"] = "EUR" }),
            Argument.Map(
                "checkpoint_overrides",
                "Outputs to change for every call of a checkpoint: name to {\"output\": value}. lookup means lookup, lookup_2 and so on; lookup_2 means that call only. These calls do not run; what follows on them does.",
                new JsonObject { ["lookup"] = new JsonObject { ["output"] = new JsonObject { ["ok"] = true } } }),
            Argument.Map(
                "invocation_overrides",
                "The same for exactly one call, by its name; wins over checkpoint_overrides.",
                new JsonObject { ["lookup_2"] = new JsonObject { ["output"] = "none" } }),
            Argument.TextList("skip", "Names of calls to reuse even where they would run again. One that is overridden cannot be skipped.", most: 100, example: "fetch"),
            Argument.Text("tag", "A label for the replays, to list and count them by.", example: "june-batch"),
            new Argument("wait", Shape.Flag("Wait for the replays to end or ask for input, until the call has taken 50 seconds. Without it: true for one execution, false for several."), Required: false),
            Argument.Words("on_error", "fail: the first problem is an error and nothing is started. collect: problems are listed, the others go on. Without it: fail for one execution, collect for several.", ["fail", "collect"]),
            Argument.Flag("dry_run", "Only plan: nothing is started, plans says what each would do.", preset: false),
            ExecutionArguments.Code(
                "current: the present code of the target, built once; before anything new reaches the flow it must make the recorded calls. recorded: the code of each execution. "
                + "Left out: recorded for executions of a deployment, else current."),
        ],
        Output = SubmissionShapes.Result(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var options = new ReplayManyOptions
        {
            FlowOverrides = call.MapOrNull("flow_overrides"),
            CheckpointOverrides = call.MapOrNull("checkpoint_overrides"),
            InvocationOverrides = call.MapOrNull("invocation_overrides"),
            Skip = call.Texts("skip"),
            Tag = call.TextOrNull("tag"),
            Wait = call.Any("wait")?.GetValue<bool>(),
            WaitMax = WaitMax - call.Elapsed,
            OnError = call.TextOrNull("on_error") switch
            {
                "fail" => SubmissionErrors.Fail,
                "collect" => SubmissionErrors.Collect,
                _ => null,
            },
            DryRun = call.Flag("dry_run"),
            Code = ExecutionArguments.CodeOf(call),
        };
        await call.Backend.OpenAsync(cancellationToken);
        var submission = await call.Backend.Client.Executions.ReplayManyAsync(call.Texts("exec_ids"), call.Text("at"), options, call.Progress, cancellationToken);
        return ToolAnswer.Of(SubmissionBudget.Fit(SubmissionJson.Of(submission)));
    }
}
