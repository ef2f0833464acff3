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
            "Replays several executions from the same call with the same changes; see kitaru_executions_replay. exec_ids come from kitaru_executions_cohort. First with "
            + "dry_run=true: explain the plans. All are checked before the first is started. Next: kitaru_executions_diff_matrix(exec_ids); kitaru_executions_list(tags) lists the "
            + "replays of a tag.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            Argument.TextList("exec_ids", "1 to 500, each waiting or ended.",
                most: ReplaySubmission.ExecutionsMax, example: "0199c0de-0000-7000-8000-000000000000", required: true),
            Argument.Text("at", "The call to start from in all; a repeat is name_2.", required: true, example: "write_draft"),
            Argument.Map("flow_overrides", "Flow inputs to change, by parameter name.", new JsonObject { ["currency"] = "EUR" }),
            Argument.Map(
                "checkpoint_overrides",
                "Outputs to change by checkpoint, repeats included.",
                new JsonObject { ["lookup"] = new JsonObject { ["output"] = new JsonObject { ["ok"] = true } } }),
            Argument.Map(
                "invocation_overrides",
                "The same for exactly one call; wins.",
                new JsonObject { ["lookup_2"] = new JsonObject { ["output"] = "none" } }),
            Argument.TextList("skip", "Calls to reuse even where they would run.", most: 100, example: "fetch"),
            Argument.Text("tag", "A label for the replays.", example: "june-batch"),
            new Argument("wait", Shape.Flag("Wait up to 50 s for them; left out: for one only."), Required: false),
            Argument.Words("on_error", "fail: the first problem starts nothing; collect: the others go on, the default for several.", ["fail", "collect"]),
            Argument.Flag("dry_run", "Only plan, start nothing.", preset: false),
            ExecutionArguments.Code(
                "current: the target's present code, which must make the recorded calls. Left out: recorded for deployed executions, else current."),
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
