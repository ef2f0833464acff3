using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Hosting;

namespace Kitaru.Engine;

/// <summary>
/// One pass of one execution on this worker: runs the flow body from the top on a single-threaded context, hands it recorded
/// completions in recorded order, executes what has no record, and commits each new completion before the body sees it.
/// </summary>
/// <remarks>
/// How a turn goes: (1) the body runs until it is idle; (2) the next completion in order is delivered and the body runs again;
/// (3) when nothing can be delivered, new calls are started; (4) when nothing is in flight either, the run waits or lets go.
/// Everything a body can observe happens in turns, so that a later run can repeat it exactly.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "Checkpoints that outlive the run still look at its token.")]
internal sealed partial class FlowRun : IThreadPoolWorkItem
{
    private readonly FlowRunOptions _options;
    private readonly FlowEntry _flow;
    private readonly ClaimedExecution _claim;
    private readonly FlowContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RunEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionLog _log;
    private readonly RunTelemetry _telemetry;

    private readonly Lock _inboxGate = new();
    private readonly Queue<Action> _inbox = new();
    private bool _pumping;

    // From here on: touched only by the pump, which is one thread at a time.
    private readonly RecordedCalls _recorded;
    private readonly ReplayOrder? _replay;
    private readonly Dictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly CallNames _names = new();
    private readonly CallLineage _lineage = new();
    private readonly ArgumentCodec _arguments;
    private readonly bool _mayAskForLess;
    private Task<object?>? _body;
    private bool _stopped;
    private bool _lost;
    private bool _resting;
    private Exception? _fault;
    private DateTimeOffset _clock;
    private long _turnStartedAt;
    private long _heldSince;

    public FlowRun(ClaimedExecution claim, FlowEntry flow, FlowRunOptions options)
    {
        _claim = claim;
        _flow = flow;
        _options = options;
        _context = new FlowContext(ReportViolation);
        _recorded = new RecordedCalls(claim.Journal);
        _replay = claim.Replay is { } plan ? new ReplayOrder(plan, claim.Journal) : null;
        _arguments = new ArgumentCodec(claim.Replay?.Root ?? claim.Execution.Id, claim.Execution.Seed);
        _cache = claim.Execution.Cache;
        _log = new ExecutionLog(options.ControlPlane.Logs, claim.Execution.Id, options.Time, options.Secrets);
        _telemetry = new RunTelemetry(claim.Execution, claim.Lease);
        _bodyMask = options.Secrets.Environment;
        _lastSeq = claim.Journal.Count == 0 ? 0 : claim.Journal[^1].Seq;
        _nextDelivery = _lastSeq + 1;
        // A retry forgot the failed calls: what came after them may be asked for later, or not at all.
        _mayAskForLess = claim.Execution.RetriesUsed > 0 || claim.Execution.Reopened > 0;
        _clock = claim.Replay?.ClockStart ?? claim.Execution.StartedAt ?? claim.Execution.CreatedAt;
        _metadata = claim.Execution.Metadata.DeepClone().AsObject();
    }

    public Lease Lease => _claim.Lease;

    /// <summary>When the lease was last asked for with success, as a timestamp of <see cref="Time"/>: it lasts a lease's duration from then on.</summary>
    public long HeldSince
    {
        get => Volatile.Read(ref _heldSince);
        set => Volatile.Write(ref _heldSince, value);
    }

    public ExecutionRecord Execution => _claim.Execution;

    public TimeProvider Time => _options.Time;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Ends when this worker has nothing more to do with the execution.</summary>
    public Task<RunEnd> Ended => _ended.Task;

    /// <summary>What this run stored as the execution's end; null as long as it has not, and when it ended otherwise.</summary>
    public Outcome? StoredOutcome { get; private set; }

    /// <summary>Cancelled when the run stops for any reason; what checkpoints get as their token.</summary>
    public CancellationToken StopToken => _stop.Token;

    public bool HasStopped => Volatile.Read(ref _stopped) || Volatile.Read(ref _lost);

    /// <inheritdoc cref="FlowRunOptions.StillHolds"/>
    public ValueTask<bool> StillHoldsAsync() => _options.StillHolds(this);

    public ExecutionLog Log => _log;

    public RunTelemetry Telemetry => _telemetry;

    /// <summary>Whether the body is repeating what was recorded; its output was already seen.</summary>
    public bool IsCatchingUp => !_recorded.IsEmpty && !_mayAskForLess;

    public IServiceProvider? Services => _options.Services;

    public IControlPlane ControlPlane => _options.ControlPlane;

    private IJournal Journal => _options.ControlPlane.Journal;

    /// <summary>Whether the run only stays with a wait or sleep; such a run takes no place from others.</summary>
    public bool IsResting => Volatile.Read(ref _resting);

    public void Start() => Post(static () => { });

    /// <summary>Looks at everything again, for example after a wait began to rest.</summary>
    public void Wake() => Post(static () => { });

    /// <summary>Queues work for the pump and sees that it runs.</summary>
    private void Post(Action message, bool mayRunHere = false)
    {
        lock (_inboxGate)
        {
            _inbox.Enqueue(message);
            if (_pumping)
                return;
            _pumping = true;
        }
        if (mayRunHere)
            Execute();
        else
            _options.Work.Enqueue(this);
    }

    /// <summary>The pump.</summary>
    public void Execute()
    {
        LiveCall? last = null;
        while (true)
        {
            while (TakeMessage() is { } message)
                message();
            Advance();
            if (!_options.Draining())
                last = StartAllButLast(last);
            lock (_inboxGate)
            {
                if (_inbox.Count > 0)
                    continue;
                _pumping = false;
                break;
            }
        }
        // The pump is free again: one call may use this thread, which saves a sequential flow a hop per step.
        last?.Execute();
    }

    private Action? TakeMessage()
    {
        lock (_inboxGate)
            return _inbox.TryDequeue(out var message) ? message : null;
    }

    private bool HasMessages()
    {
        lock (_inboxGate)
            return _inbox.Count > 0;
    }

    private LiveCall? StartAllButLast(LiveCall? last)
    {
        foreach (var call in _startable)
        {
            if (last is not null)
                _options.Work.Enqueue(last);
            last = call;
        }
        _startable.Clear();
        return last;
    }

    /// <summary>Runs the body as far as it can go, then decides what the run does next.</summary>
    private void Advance()
    {
        if (_stopped)
            return;
        Volatile.Write(ref _resting, false);
        if (_body is null)
            Turn(() => ExecutionContext.Run(ExecutionContext.Capture() ?? throw new InvalidOperationException("The flow of execution contexts is suppressed."), static run => ((FlowRun)run!).StartBody(), this));
        while (!_stopped && _fault is null && !_body!.IsCompleted && NextCompletion() is { } next)
            Turn(() => next.Call.Deliver(next.Completion));
        // A message that came during the turn goes first: it may say that this run is over, and that the body only saw that.
        if (_stopped || HasMessages())
            return;
        if (_fault is not null)
            Fail(_fault);
        else if (_body!.IsCompleted && !_options.MustReenter())
            EndWithBody();
        else if (_options.Draining() && LiveCalls().Length == _startable.Count && _opening == 0)
            BeginRelease(new Release(ExecutionStatus.Queued, "handed over: its worker was told to stop", Now));
        else
            RestOrLetGo();
    }

    private void Turn(Action first)
    {
        Volatile.Write(ref _turnStartedAt, Time.GetTimestamp());
        try
        {
            _context.RunUntilIdle(first);
        }
        catch (Exception exception)
        {
            // Only an async void method can get here: its exception has nobody else to go to.
            _fault ??= exception;
        }
        Volatile.Write(ref _turnStartedAt, 0);
    }

    private void StartBody()
    {
        FlowScope.Enter(this);
        _telemetry.Begin();
        _body = _flow.InvokeAsync(Execution, StopToken, _options.ControlPlane, Services);
    }

    private void ReportViolation(string what)
    {
        Post(() => _fault ??= new KitaruContextException(
            $"{what} A flow body may await only checkpoints, waits, sleeps and combinations of them; flow '{Execution.FlowName}'.",
            "Put the call into a [Checkpoint] method, use Flow.SleepAsync for time, and drop ConfigureAwait(false) in the flow body."));
    }

    /// <summary>How long the body has kept its thread in the present turn, or null when it does not run.</summary>
    public TimeSpan? BlockedFor()
    {
        var since = Volatile.Read(ref _turnStartedAt);
        return since == 0 || Volatile.Read(ref _inSynchronousCall) ? null : Time.GetElapsedTime(since);
    }
}
