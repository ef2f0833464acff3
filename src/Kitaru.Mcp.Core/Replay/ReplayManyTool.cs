using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
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
            + "dry_run=true: explain the plans; when the user agrees, call again with the answer's confirm only, which does exactly that, once. All are checked before the first is started. Next: kitaru_executions_diff_matrix(exec_ids); kitaru_executions_list(tags) lists the "
            + "replays of a tag.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            Argument.TextList("exec_ids", "1 to 500, each waiting or ended.",
                most: ReplaySubmission.ExecutionsMax, example: "0199c0de-0000-7000-8000-000000000000", required: true) with { Required = false },
            Argument.Text("at", "The call to start from in all; a repeat is name_2.", example: "write_draft"),
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
            Argument.Text("confirm", "From a dry run: do it. Alone."),
        ],
        Output = SubmissionShapes.Result(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (call.TextOrNull("confirm") is not null)
            return await ConfirmedAsync(call, cancellationToken);
        foreach (var name in new[] { "exec_ids", "at" })
        {
            if (call.Any(name) is null)
                throw ArgumentCheck.Error(name, name == "at" ? "the call to start from" : "1 to 500 ids of executions", null, name == "at" ? "\"write_draft\"" : "[\"0199c0de-0000-7000-8000-000000000000\"]");
        }
        var submission = await SubmitAsync(call, call.Texts("exec_ids"), cancellationToken);
        var answer = SubmissionJson.Of(submission);
        await ReplayConfirmation.OfferAsync(call, answer, [.. submission.Plans.Select(plan => plan.Source)], cancellationToken);
        return ToolAnswer.Of(SubmissionBudget.Fit(answer));
    }

    /// <summary>What was confirmed is its own key: brought again, it answers what it did.</summary>
    private static async Task<ToolAnswer> ConfirmedAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var confirmation = await ReplayConfirmation.OpenAsync(call, cancellationToken);
        var asked = call with { Arguments = confirmation.Arguments };
        asked.Arguments["dry_run"] = false;
        var request = IdempotentRequest.Of($"replay_many {confirmation.Id}", "kitaru_executions_replay_many", new JsonObject { ["id"] = confirmation.Id });
        await call.Backend.OpenAsync(cancellationToken);
        var (answer, _) = await call.Backend.Client.CallOnceAsync(request, MakeAsync, cancellationToken: cancellationToken);
        return ToolAnswer.Of((JsonObject)KitaruJson.Parse(answer)!);

        async Task<string> MakeAsync(KitaruClient client)
        {
            var once = asked with { Backend = Hosting.Backend.Over(client) };
            var (ids, changed) = await confirmation.CheckAsync(once, cancellationToken);
            var submission = await SubmitAsync(once, ids, cancellationToken);
            var made = SubmissionJson.Of(submission with { Failures = [.. changed, .. submission.Failures] });
            made["confirm"] = made["expires_at"] = null;
            return KitaruJson.Write(SubmissionBudget.Fit(made));
        }
    }

    private static async Task<ReplaySubmission> SubmitAsync(ToolCall call, IReadOnlyList<string> ids, CancellationToken cancellationToken)
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
        return await call.Backend.Client.Executions.ReplayManyAsync(ids, call.Text("at"), options, call.Progress, cancellationToken);
    }
}
