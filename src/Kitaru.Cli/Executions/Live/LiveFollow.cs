using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Following;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Executions.Live;

/// <summary>Shows an execution on a terminal as it goes on, and puts its questions to whoever sits there.</summary>
internal sealed class LiveFollow(CommandCall call)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    private readonly LiveRegion _region = new(call.Host);
    private readonly AnswerDialog _dialog = new(call.Host, call.Client);
    private readonly HashSet<WaitId> _asked = [];
    private StateEvent? _state;
    private int _tick;

    /// <summary>Until it has ended or somebody has had enough.</summary>
    /// <returns>The execution as it ended; null when it goes on alone.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; the execution goes on.</exception>
    public async Task<ExecutionRecord?> RunAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        var query = new LogQuery { ExecutionId = id, FromStart = true, Source = "step" };
        var events = new ExecutionFeed(call.Client, call.Host.Time).FollowAsync(query, withCalls: true, LookAgain, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            var next = events.MoveNextAsync().AsTask();
            while (true)
            {
                // What is there already is shown at once, in one drawing.
                if (!next.IsCompleted)
                {
                    await DrawAsync();
                    await Task.WhenAny(next, Task.Delay(Frame, call.Host.Time, cancellationToken));
                    _tick++;
                }
                if (!next.IsCompleted)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }
                if (!await next)
                    return null;
                switch (events.Current)
                {
                    case LineEvent line:
                        _region.Say(Line(line.Line));
                        break;
                    case StateEvent state:
                        _state = state;
                        if (await AskAsync(state.Execution, cancellationToken) == Decision.Quit)
                            return null;
                        break;
                    case EndEvent end:
                        _state = new StateEvent(end.Execution, end.Calls);
                        await DrawAsync();
                        _region.Leave();
                        return end.Execution;
                }
                next = events.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            await DrawAsync();
            _region.Leave();
            throw;
        }
        finally
        {
            await events.DisposeAsync();
        }
    }

    private async Task<Decision> AskAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        foreach (var wait in execution.PendingWaits.Where(wait => !_asked.Contains(wait.Id)))
        {
            _asked.Add(wait.Id);
            _region.Say($"? {Question.Words(wait)}", Tone.Asking);
            if (Question.Schema(wait) is { } schema)
                _region.Say($"  as {schema}", Tone.Muted);
            _region.Say($"  {Question.Command(wait)}", Tone.Muted);
            if (!call.CanAsk)
                continue;
            await _region.ClearAsync();
            if (await _dialog.AskAsync(execution.Id, wait, cancellationToken) == Decision.Quit)
                return Decision.Quit;
        }
        return Decision.Skipped;
    }

    private Task DrawAsync() => _state is { } state
        ? _region.DrawAsync(RunView.Lines(state.Execution, state.Calls, call.Host.Rows(), _tick, call.Host.Time.GetUtcNow()))
        : Task.CompletedTask;

    private static string Line(LogEntry entry) => entry.Checkpoint is { Length: > 0 } checkpoint ? $"[{checkpoint}] {entry.Message}" : entry.Message;
}
