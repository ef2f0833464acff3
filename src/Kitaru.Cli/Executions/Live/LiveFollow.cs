using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Following;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Cli.Runs;
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
    private readonly UntakenNotice _notice = new(call);
    private StateEvent? _state;
    private int _tick;

    /// <summary>Until it has ended or somebody has had enough.</summary>
    /// <returns>The execution as it ended; null when it goes on alone.</returns>
    /// <exception cref="OperationCanceledException">Interrupted; the execution goes on.</exception>
    public async Task<ExecutionRecord?> RunAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var query = new LogQuery { ExecutionId = id, FromStart = true, Source = "step" };
        var events = new ExecutionFeed(call.Client, call.Host.Time).FollowAsync(query, withCalls: true, LookAgain, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                // What is there already is shown at once, in one drawing.
                if (!next.IsCompleted)
                {
                    await DrawAsync();
                    await Task.WhenAny(next, Task.Delay(Frame, call.Host.Time, cancellationToken));
                    cancellationToken.ThrowIfCancellationRequested();
                    _tick++;
                }
                // Nothing has come for a moment: whatever was written before a question is above it.
                if (!next.IsCompleted && await AskAsync(cancellationToken) == Decision.Quit)
                    return null;
                if (!next.IsCompleted)
                    continue;
                if (!await next)
                    return null;
                if (events.Current is LineEvent line)
                    _region.Say(Line(line.Line));
                else if (events.Current is StateEvent state)
                    await StateAsync(state, cancellationToken);
                else if (events.Current is EndEvent end)
                    return await EndAsync(end);
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
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }

    private async Task StateAsync(StateEvent state, CancellationToken cancellationToken)
    {
        _state = state;
        if (await _notice.OfAsync(state.Execution, cancellationToken) is { } notice)
            _region.Say(notice, Tone.Asking);
    }

    private async Task<ExecutionRecord> EndAsync(EndEvent end)
    {
        _state = new StateEvent(end.Execution, end.Calls);
        await DrawAsync();
        _region.Leave();
        return end.Execution;
    }

    private async Task<Decision> AskAsync(CancellationToken cancellationToken)
    {
        if (_state is not { Execution: var execution })
            return Decision.Skipped;
        foreach (var wait in execution.PendingWaits.Where(wait => _asked.Add(wait.Id)))
        {
            _region.Say($"? {Question.Words(wait)}", Tone.Asking);
            if (!call.CanAsk && Question.Schema(wait) is { } schema)
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
