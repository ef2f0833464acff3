using Kitaru.Core;
using Kitaru.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.Hosting;

/// <summary>
/// Claims executions and runs them, as many at once as it may: the heart of a worker, and of a program that runs its own flows.
/// </summary>
public sealed partial class FlowHost : IAsyncDisposable
{
    /// <summary>Changes are looked at no more often than this, so that a busy store costs a scan now and then, not one per commit.</summary>
    private static readonly TimeSpan ScanInterval = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan EndedKept = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan UnknownFlowPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>How many executions a host holds at most, those included that only stay with a wait.</summary>
    private const int HeldMax = 1000;

    private const int BlockedThreadsMax = 128;

    /// <summary>A checkpoint that ignored its cancellation for so long keeps its thread for good: the process is given up for a fresh one.</summary>
    private static readonly TimeSpan IgnoredMax = TimeSpan.FromSeconds(30);

    private readonly FlowHostOptions _options;
    private readonly ServiceProvider? _ownServices;
    private readonly IServiceProvider _services;
    private readonly string _code;
    private readonly Lock _gate = new();
    private readonly Dictionary<ExecutionId, FlowRun> _runs = [];
    private readonly Queue<(ExecutionId Id, DateTimeOffset At)> _ended = [];
    // Never disposed: a run that ends late still signals it.
    private readonly SemaphoreSlim _wake = new(0);
    private DateTimeOffset _idleSince;
    private long _scannedAt;
    private Task? _registered;
    private readonly Dictionary<FlowRun, DateTimeOffset> _stuck = [];
    private bool _draining;
    private bool _isRetiring;

    /// <summary>Creates a host; nothing happens until it runs.</summary>
    public FlowHost(FlowHostOptions options)
    {
        _options = options;
        _services = options.Services ?? (_ownServices = FlowServices.Build(options.Flows));
        _code = options.Worker.Snapshot.IsProgram ? options.Flows.CodeHash : options.Worker.Snapshot.Value;
        _idleSince = options.Time.GetUtcNow();
    }

    /// <summary>The executions it runs at this moment.</summary>
    public IReadOnlyList<ExecutionId> Running
    {
        get
        {
            lock (_gate)
                return [.. _runs.Keys];
        }
    }

    /// <summary>The executions it runs or has run since then, a few seconds back at most.</summary>
    internal IReadOnlyList<ExecutionId> RunningSince(DateTimeOffset moment)
    {
        lock (_gate)
            return [.. _runs.Keys.Union(_ended.Where(run => run.At >= moment).Select(run => run.Id))];
    }

    private bool IsAbandoned => _options.IsAbandoned?.Invoke() ?? false;

    private WorkerKind Kind => new(_options.Worker.Snapshot, _options.Worker.Environment);

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    /// <summary>
    /// Runs until it was idle for long enough, or until cancelled; then what runs may finish its checkpoints for a while, the rest is
    /// handed over, and the host is deregistered.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ScopedConsole.Install(_options.EchoConsole);
        MakeRoomForBlockedThreads();
        await RegisterAsync(cancellationToken).ConfigureAwait(false);
        using var ending = WatchForProcessExit();
        using var stopKeeping = new CancellationTokenSource();
        var keeping = KeepLeasesAsync(stopKeeping.Token);
        try
        {
            await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DrainAsync().ConfigureAwait(false);
            await stopKeeping.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
            await _options.ControlPlane.Workers.DeregisterAsync(_options.Worker.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of the services of instance flows; call it after <see cref="RunAsync"/> has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownServices is not null)
            await _ownServices.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// A synchronous checkpoint blocks its thread until its outcome is durable. Many at once would otherwise wait for seconds, while
    /// the pool adds a thread now and then; threads that are not needed are never made.
    /// </summary>
    private static void MakeRoomForBlockedThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completionPorts);
        if (workers < BlockedThreadsMax)
            ThreadPool.SetMinThreads(BlockedThreadsMax, completionPorts);
    }

    /// <summary>Makes this host known; once.</summary>
    internal Task RegisterAsync(CancellationToken cancellationToken) =>
        _registered ??= _options.ControlPlane.Workers.RegisterAsync(_options.Worker, cancellationToken);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        long seen = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!await ClaimAsync(cancellationToken).ConfigureAwait(false))
                    return;
                await SendSignalsAsync(Runs(), cancellationToken).ConfigureAwait(false);
                await LookAfterRunsAsync(cancellationToken).ConfigureAwait(false);
                if (HasNothingToStayFor())
                    return;
                seen = await WaitAsync(seen, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong in one round, the runs of this host must go on being looked after.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                await SayAsync($"Looking after executions failed, trying again: {exception.Message}").ConfigureAwait(false);
                await Task.Delay(Tick, _options.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Who holds a new execution from its first moment on; null when new ones wait for their turn.</summary>
    internal WorkerId? TakesAtOnce => _options.FlowConcurrency.Count > 0 || Volatile.Read(ref _draining) ? null : _options.Worker.Id;

    /// <summary>Runs a new execution that was stored as held by this host.</summary>
    internal void StartHeld(ExecutionRecord execution) => Start(new ClaimedExecution(new Lease(execution.Id, _options.Worker.Id, execution.Epoch), execution, [], [], []), _options.Time.GetTimestamp());

    /// <summary>Takes this execution at once if it is there to be taken; one of a flow with a limit waits for its turn.</summary>
    internal async Task TryStartAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        if (_options.FlowConcurrency.Count > 0)
        {
            _wake.Release();
            return;
        }
        var askedAt = _options.Time.GetTimestamp();
        var claim = await _options.ControlPlane.Workers
            .ClaimOneAsync(_options.Worker.Id, Kind, id, cancellationToken).ConfigureAwait(false);
        if (claim is not null)
            Start(claim, askedAt);
    }

    /// <summary>Ends when this host has nothing more to do with the execution; null when it does not run it, or only stays with a wait.</summary>
    internal FlowRun? RunOf(ExecutionId id)
    {
        lock (_gate)
            return _runs.TryGetValue(id, out var run) && !run.IsResting ? run : null;
    }

    private void Start(ClaimedExecution claim, long askedAt)
    {
        FlowEntry flow;
        try
        {
            flow = _options.Flows.Get(claim.Execution.FlowName);
        }
        catch (KitaruUsageException exception)
        {
            _ = RefuseAsync(claim, exception);
            return;
        }
        var scope = _services.CreateAsyncScope();
        var run = new FlowRun(claim, flow, new FlowRunOptions
        {
            ControlPlane = _options.ControlPlane is IRunScope scoped ? scoped.For(claim.Execution.Id) : _options.ControlPlane,
            Time = _options.Time,
            Services = scope.ServiceProvider,
            Code = _code,
            Secrets = _options.Secrets,
            Rested = MadeRoom,
            LetGo = () => _draining || IsAbandoned,
            Draining = () => _draining,
            StillHolds = StillHoldsAsync,
        })
        {
            HeldSince = askedAt,
        };
        FlowRun? before;
        lock (_gate)
        {
            _runs.TryGetValue(claim.Execution.Id, out before);
            _runs[claim.Execution.Id] = run;
        }
        // It was taken away and came back before this host noticed.
        before?.OnSignal(new LeaseSignal(claim.Execution.Id, Lost: true, Cancelled: false, []));
        _ = ForgetWhenEndedAsync(run, scope);
        run.Start();
    }

    private async Task RefuseAsync(ClaimedExecution claim, KitaruUsageException why)
    {
        try
        {
            if (_options.Worker.Snapshot.IsProgram)
            {
                // A program may come to know the flow later, or another program of this name does.
                await _options.ControlPlane.Journal.ReleaseAsync(
                    claim.Lease, new Release(ExecutionStatus.Queued, why.Message, Now + UnknownFlowPause)).ConfigureAwait(false);
                return;
            }
            await _options.ControlPlane.Journal.FinishAsync(
                claim.Lease,
                new Outcome(ExecutionStatus.Failed, why.Message, null, Failures.Runtime(why.Message, why), null)).ConfigureAwait(false);
        }
        catch (KitaruBackendException exception)
        {
            await SayAsync(exception.Message).ConfigureAwait(false);
        }
    }

    private async Task ForgetWhenEndedAsync(FlowRun run, AsyncServiceScope scope)
    {
        await run.Ended.ConfigureAwait(false);
        lock (_gate)
        {
            if (_runs.TryGetValue(run.Execution.Id, out var present) && present == run)
                _runs.Remove(run.Execution.Id);
            _ended.Enqueue((run.Execution.Id, Now));
            while (_ended.TryPeek(out var oldest) && oldest.At < Now - EndedKept)
                _ended.Dequeue();
            if (_runs.Count == 0)
                _idleSince = Now;
        }
        MadeRoom();
        if (!run.CallsEnded.IsCompleted)
        {
            // A checkpoint that ignores its token keeps a thread: such a host ends as soon as it has nothing else to do.
            lock (_gate)
                _stuck.Add(run, Now);
            await run.CallsEnded.ConfigureAwait(false);
            lock (_gate)
                _stuck.Remove(run);
        }
        await DisposeAsync(scope, run.Execution.Id).ConfigureAwait(false);
    }

    /// <summary>What the services of user code do when they go concerns nobody but the user.</summary>
    private static async Task DisposeAsync(AsyncServiceScope scope, ExecutionId id)
    {
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // User code: it may throw anything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await SayAsync($"Disposing the services of execution {id} failed: {exception.Message}").ConfigureAwait(false);
        }
    }

    private bool HasNothingToStayFor()
    {
        if (_options.IdleTimeout is not { } timeout || Running.Count > 0)
            return false;
        lock (_gate)
            return IsAbandoned || _stuck.Count > 0 || Now - _idleSince >= timeout;
    }

    private async Task<long> WaitAsync(long seen, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = _options.ControlPlane.Workers.WaitForWorkAsync(seen, enough.Token);
        var ended = _wake.WaitAsync(enough.Token);
        var tick = Task.Delay(Tick, _options.Time, enough.Token);
        await Task.WhenAny(change, ended, tick).ConfigureAwait(false);
        // One look serves all that ended meanwhile.
        while (_wake.Wait(0, CancellationToken.None))
        {
        }
        var now = change.IsCompletedSuccessfully ? change.Result : seen;
        await enough.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Quietly(change), Quietly(ended), Quietly(tick)).ConfigureAwait(false);
        // The first change after a rest is looked at without delay.
        var pause = ScanInterval - _options.Time.GetElapsedTime(_scannedAt);
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, _options.Time, cancellationToken).ConfigureAwait(false);
        _scannedAt = _options.Time.GetTimestamp();
        return now;
    }

    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private FlowRun[] Runs()
    {
        lock (_gate)
            return [.. _runs.Values];
    }
}
