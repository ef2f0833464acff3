using System.Diagnostics.CodeAnalysis;
using Kitaru.ControlPlane.Maintenance;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>
/// Runs executions on this machine: whenever staged code has something runnable and no worker serves it, a worker process is started.
/// Several may watch one store. It holds no state that matters: claims are fenced, so a worker too many does no harm.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A stack is where executions run.")]
public sealed partial class LocalStack : IAsyncDisposable
{
    /// <summary>Looked at even when nothing says that anything changed.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(5);

    /// <summary>The same on a server, which looks around by itself and tells.</summary>
    private static readonly TimeSpan ServerSafetyPoll = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReapInterval = TimeSpan.FromSeconds(1);

    /// <summary>A busy store costs a look now and then, not one per commit.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(15);

    private static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    private readonly IControlPlane _controlPlane;
    private readonly ConfigDirectory _config;
    private readonly LocalStackOptions _options;
    private readonly DeadWorkers _dead;
    private readonly WorkerStarter _starter;
    private readonly Dictionary<WorkerKind, Serving> _servings = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private DateTimeOffset _reapAt;

    /// <summary>Creates a stack; nothing happens until it is started.</summary>
    public LocalStack(IControlPlane controlPlane, ConfigDirectory config, LocalStackOptions? options = null)
    {
        _controlPlane = controlPlane;
        _config = config;
        _options = options ?? new LocalStackOptions();
        _dead = new DeadWorkers(controlPlane, _options.Time);
        _starter = new WorkerStarter(controlPlane, config, _options, _dead);
    }

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    /// <summary>Begins to run in the background, until disposed.</summary>
    public LocalStack Start()
    {
        _running = RunAsync(_stop.Token);
        return this;
    }

    /// <summary>Runs until cancelled. Workers are left running: they end by themselves when they have nothing more to do.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        long seen = 0;
        var maintenance = _options.Server is not null
            ? Task.CompletedTask
            : new StoreMaintenance(_controlPlane.Retention, _config, _options.Retention, _options.Time, _options.Logger).RunAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var due = await LookAsync(cancellationToken).ConfigureAwait(false);
                seen = await WaitAsync(seen, due, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            // Whatever it was: who watches over workers must not end before he is told to.
            catch (Exception e)
            {
                Problem(_options.Logger, e.Message);
                await Task.Delay(ErrorPause, _options.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.WhenAll(_servings.Values.Select(serving => serving.Starting).Append(maintenance)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Asks the workers it has started to stop: what they run may end its checkpoints, the rest is handed over. Returns when they have ended, or after that time; where processes
    /// cannot be asked they end by themselves, once this one is gone.
    /// </summary>
    public Task StopWorkersAsync(TimeSpan timeout) => _starter.StopAllAsync(timeout);

    /// <summary>Stops starting workers.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _starter.Dispose();
        _stop.Dispose();
    }

    /// <summary>Starts what is missing and returns when to look again at the latest.</summary>
    private async Task<DateTimeOffset> LookAsync(CancellationToken cancellationToken)
    {
        var workers = await _controlPlane.Workers.ListAsync(cancellationToken).ConfigureAwait(false);
        // A server reaps what nobody on any machine can say dead; where no worker is known there is nothing to add.
        if (_starter.TakeEnded() || (Now >= _reapAt && (_options.Server is null || workers.Count > 0)))
        {
            await _dead.ReapAsync(workers, cancellationToken).ConfigureAwait(false);
            workers = await _controlPlane.Workers.ListAsync(cancellationToken).ConfigureAwait(false);
            _reapAt = Now + ReapInterval;
        }
        var work = await _controlPlane.Workers.FindRunnableAsync(cancellationToken).ConfigureAwait(false);
        var due = Now + (workers.Count > 0 ? ReapInterval : _options.Server is null ? SafetyPoll : ServerSafetyPoll);
        if (work.NextAt is { } next && next < due)
            due = next;
        foreach (var kind in work.Kinds.Keys.Where(kind => !kind.Snapshot.IsProgram))
        {
            if (!_servings.TryGetValue(kind, out var serving))
                _servings[kind] = serving = new Serving();
            if (!serving.Starting.IsCompleted || workers.Any(worker => _starter.IsServing(worker, kind)))
                continue;
            if (serving.NotBefore > Now)
                due = serving.NotBefore < due ? serving.NotBefore : due;
            else
                serving.Starting = _starter.StartAsync(kind, serving, cancellationToken);
        }
        return due;
    }

    private async Task<long> WaitAsync(long seen, DateTimeOffset due, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = _controlPlane.Workers.WaitForWorkAsync(seen, enough.Token);
        var ended = _starter.WaitForEndAsync(enough.Token);
        var left = due - Now;
        var timer = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _options.Time, enough.Token);
        await Task.WhenAny(change, ended, timer).ConfigureAwait(false);
        var now = change.IsCompletedSuccessfully ? await change.ConfigureAwait(false) : seen;
        await enough.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(change, ended, timer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (change.IsFaulted)
            await change.ConfigureAwait(false);
        await Task.Delay(LookInterval, _options.Time, cancellationToken).ConfigureAwait(false);
        return now;
    }

    [LoggerMessage(LogLevel.Warning, "Local stack: {Message}")]
    private static partial void Problem(ILogger logger, string message);
}
