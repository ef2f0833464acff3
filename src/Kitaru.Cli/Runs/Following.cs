using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions;
using Kitaru.Cli.Executions.Following;
using Kitaru.Cli.Executions.Live;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;

namespace Kitaru.Cli.Runs;

/// <summary>
/// Stays with an execution that was just started: live on a terminal, line by line elsewhere, silently for JSON. Where nobody can be asked it stops at a question, and says how to answer it.
/// Leaving it, by Ctrl-C too, does not end it.
/// </summary>
internal sealed class Following(CommandCall call, EmbeddedStack stack, ExecutionHandle handle)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    public async Task<Answer> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!call.IsJson)
                await call.TalkAsync($"Execution {handle.Id} started.");
            if (call.IsForPeople)
            {
                if (await new LiveFollow(call).RunAsync(handle.Id, cancellationToken) is null)
                    return await DetachedAsync(CliRunner.Success);
            }
            else if (call.IsJson)
            {
                await call.Client.Executions.WaitForStopAsync(handle.Id, Timeout.InfiniteTimeSpan, cancellationToken);
            }
            else
            {
                await WriteLinesAsync(cancellationToken);
            }
            var answer = await ExecutionAnswers.FullAsync(call, handle.Id, cancellationToken, handle.Warning);
            var detail = await call.Client.Executions.GetAsync(handle.Id, cancellationToken);
            var execution = detail.Execution;
            return answer with
            {
                ExitCode = execution.Status is ExecutionStatus.Failed or ExecutionStatus.Cancelled ? CliRunner.Failure : CliRunner.Success,
                Hints = execution.Status == ExecutionStatus.Completed ? Hints(execution, detail.Calls) : answer.Hints,
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await DetachedAsync(CliRunner.Failure);
        }
    }

    private static IReadOnlyList<string> Hints(ExecutionRecord execution, IReadOnlyList<CallRecord> calls) =>
    [
        $"kitaru deploy {execution.Target}  (make it callable without its source)",
        .. calls.Count == 0 ? (string[])[] : [$"kitaru executions replay {execution.Id} --from {calls[^1].Name}  (run it once more from there)"],
    ];

    private async Task WriteLinesAsync(CancellationToken cancellationToken)
    {
        var query = new LogQuery { ExecutionId = handle.Id, FromStart = true, Source = "step" };
        var events = new ExecutionFeed(call.Client, call.Host.Time).FollowAsync(query, withCalls: true, LookAgain, cancellationToken);
        await new RunLines(call).WriteAsync(events, cancellationToken);
    }

    /// <summary>Says how to come back to it, and how to end it.</summary>
    private async Task<Answer> DetachedAsync(int exitCode)
    {
        await stack.HandOverAsync(handle.Id);
        if (call.IsJson)
        {
            await call.WriteEventAsync("interrupted", new System.Text.Json.Nodes.JsonObject { ["exec_id"] = handle.Id.ToString(), ["message"] = "Detached; the execution goes on" }, CancellationToken.None);
            return Answer.Written(exitCode);
        }
        return Answer.Written(exitCode) with
        {
            Warnings = [$"Detached: execution {handle.Id} goes on in the background."],
            Hints = [$"kitaru executions logs {handle.Id} --follow  (come back to it)", $"kitaru executions cancel {handle.Id}  (end it)"],
        };
    }
}
