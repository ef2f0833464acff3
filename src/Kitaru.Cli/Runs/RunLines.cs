using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Following;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Runs;

/// <summary>A running execution where nobody looks at a terminal: a line for each thing that happened, until it ends or asks.</summary>
internal sealed class RunLines(CommandCall call)
{
    private readonly Dictionary<CallId, ExecutionStatus> _said = [];
    private readonly UntakenNotice _notice = new(call);
    private long? _lastLine;

    public async Task WriteAsync(IAsyncEnumerable<FollowEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var happened in events.WithCancellation(cancellationToken))
        {
            switch (happened)
            {
                case LineEvent { Line: var line }:
                    await LineAsync(line, cancellationToken);
                    break;
                case StateEvent state:
                    await CallsAsync(state.Calls, cancellationToken);
                    if (await _notice.OfAsync(state.Execution, cancellationToken) is { } notice)
                        await SayAsync(notice, cancellationToken);
                    if (state.Execution.PendingWaits is [var wait, ..])
                    {
                        await LastLinesAsync(state.Execution.Id, cancellationToken);
                        await SayAsync($"[Execution is waiting for input on: {wait.Name}] {Question.Words(wait)}", cancellationToken);
                        return;
                    }
                    break;
                case EndEvent end:
                    await CallsAsync(end.Calls, cancellationToken);
                    return;
            }
        }
    }

    private async Task LineAsync(LogEntry line, CancellationToken cancellationToken)
    {
        _lastLine = line.Id;
        await SayAsync(line.Checkpoint is { Length: > 0 } checkpoint ? $"[{checkpoint}] {line.Message}" : line.Message, cancellationToken);
    }

    /// <summary>What was written before a question stands above it.</summary>
    private async Task LastLinesAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        var query = new LogQuery { ExecutionId = id, FromStart = true, Source = "step", AfterId = _lastLine };
        foreach (var line in await call.Client.Executions.LogsAsync(query, cancellationToken))
            await LineAsync(line, cancellationToken);
    }

    private async Task CallsAsync(IReadOnlyList<CallRecord> calls, CancellationToken cancellationToken)
    {
        foreach (var one in calls.Where(one => !_said.TryGetValue(one.Id, out var before) || before != one.Status))
        {
            _said[one.Id] = one.Status;
            var took = one.Status == ExecutionStatus.Running ? null : DurationText.Between(one.StartedAt, one.EndedAt, call.Host.Time.GetUtcNow());
            await SayAsync($"{one.Name}: {StatusWords.Of(one.Status)}{(took is null ? "" : $" in {took}")}", cancellationToken);
        }
    }

    private async Task SayAsync(string line, CancellationToken cancellationToken)
    {
        await call.Host.Error.WriteLineAsync(Clean.Lines(line).AsMemory(), cancellationToken);
        await call.Host.Error.FlushAsync(cancellationToken);
    }
}
