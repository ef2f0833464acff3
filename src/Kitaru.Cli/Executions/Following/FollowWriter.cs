using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions.Following;

/// <summary>Writes what is followed line by line: for people with banners, for programs as JSON lines (platform.md 5.4).</summary>
internal sealed class FollowWriter(CommandCall call, int verbosity, bool isGrouped)
{
    private readonly HashSet<string> _announced = [];
    private string? _group;

    /// <returns>How the command ends: 0 when it completed, else 1.</returns>
    public async Task<int> WriteAsync(IAsyncEnumerable<FollowEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in events.WithCancellation(cancellationToken))
            {
                if (happened is LineEvent line)
                    await LineAsync(line.Line, cancellationToken);
                else if (happened is StateEvent state)
                    await WaitsAsync(state.Execution, cancellationToken);
                else if (happened is EndEvent end)
                    return await EndAsync(end.Execution, cancellationToken);
            }
            return CliRunner.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            const string words = "Log follow interrupted";
            if (call.IsJson)
                await call.WriteEventAsync("interrupted", new JsonObject { ["message"] = words }, CancellationToken.None);
            else
                await BannerAsync(words, CancellationToken.None);
            return CliRunner.Failure;
        }
    }

    private async Task LineAsync(LogEntry line, CancellationToken cancellationToken)
    {
        if (call.IsJson)
        {
            await call.WriteEventAsync("log", LogJson.Of(line), cancellationToken);
            return;
        }
        if (isGrouped && LogText.Group(line) != _group)
        {
            _group = LogText.Group(line);
            await SayAsync(LogText.Header(_group), cancellationToken);
        }
        await SayAsync(LogText.Line(line, verbosity), cancellationToken);
    }

    private async Task WaitsAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        foreach (var wait in execution.PendingWaits.Where(wait => _announced.Add(wait.Name)))
        {
            if (call.IsJson)
            {
                await call.WriteEventAsync(
                    "waiting", new JsonObject { ["wait_name"] = wait.Name, ["wait_id"] = wait.Id.ToString(), ["question"] = wait.Question }, cancellationToken);
                continue;
            }
            await BannerAsync($"Execution is waiting for input on: {Clean.Line(wait.Name)}", cancellationToken);
            await call.TalkAsync(Question.Words(wait));
            await call.TalkAsync($"Next: {Question.Command(wait)}");
        }
    }

    private async Task<int> EndAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        var (status, recovery) = (StatusWords.Of(execution.Status), Recovery(execution));
        var message = execution.Status switch
        {
            ExecutionStatus.Completed => "Execution completed successfully",
            ExecutionStatus.Failed => execution.Failure?.Message ?? execution.StatusReason ?? "Execution failed",
            _ => "Execution cancelled",
        };
        if (call.IsJson)
        {
            var item = new JsonObject { ["status"] = status, ["message"] = message };
            if (recovery is not null)
                item["recovery_command"] = recovery;
            await call.WriteEventAsync("terminal", item, cancellationToken);
        }
        else
        {
            await BannerAsync(execution.Status == ExecutionStatus.Failed ? $"Execution failed: {Clean.Line(message)}" : message, cancellationToken);
            if (recovery is not null)
                await call.TalkAsync($"Next: {recovery}");
        }
        return execution.Status == ExecutionStatus.Completed ? CliRunner.Success : CliRunner.Failure;
    }

    /// <summary>What gets a failed execution further.</summary>
    public static string? Recovery(ExecutionRecord execution) => execution.Status == ExecutionStatus.Failed ? $"kitaru executions retry {execution.Id}" : null;

    private Task BannerAsync(string words, CancellationToken cancellationToken) => SayAsync($"[{words}]", cancellationToken);

    private async Task SayAsync(string line, CancellationToken cancellationToken)
    {
        await call.Host.Output.WriteLineAsync(Clean.Lines(line).AsMemory(), cancellationToken);
        await call.Host.Output.FlushAsync(cancellationToken);
    }
}
