using System.Collections.Concurrent;
using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>Starts one worker at a time of a kind and watches over those it has started.</summary>
internal sealed partial class WorkerStarter(IControlPlane controlPlane, ConfigDirectory config, LocalStackOptions options, DeadWorkers dead) : IDisposable
{
    private const int SilentFailures = 3;
    private const int ReasonCharsMax = 2000;
    private const string AuthTokenVariable = "KITARU_AUTH_TOKEN";
    private static readonly TimeSpan RegistrationMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RegistrationPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan OthersStart = TimeSpan.FromMilliseconds(250);

    private readonly Unrunnable _unrunnable = new(controlPlane, options.Time);
    private readonly ConcurrentDictionary<WorkerId, WorkerProcess> _processes = [];
    private readonly SemaphoreSlim _ended = new(0);
    private WorkerFiles? _files;
    private int _endedCount;

    /// <summary>Whether a worker has ended since the last time this was asked.</summary>
    public bool TakeEnded() => Interlocked.Exchange(ref _endedCount, 0) > 0;

    /// <summary>
    /// One that has not been heard of for a lease is stopped or stuck: it holds nothing any more and takes nothing. A server's other workers are none of this stack's business: this
    /// machine is there to share their work.
    /// </summary>
    public bool IsServing(WorkerRecord worker, WorkerKind kind) =>
        (options.Server is null || _processes.ContainsKey(worker.Id)) && worker.Snapshot == kind.Snapshot && worker.Environment == kind.Environment && !worker.IsRetiring && !(worker.SeenAt < options.Time.GetUtcNow() - controlPlane.Workers.LeaseDuration);

    /// <summary>Returns when a worker has ended.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken) => _ended.WaitAsync(cancellationToken);

    /// <summary>Starts a worker unless another process is about to, or one is there already. Never throws.</summary>
    public async Task StartAsync(WorkerKind kind, Serving serving, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            ConfigDirectory.Ensure(config.Workers);
            // A few files for all: snapshots that share one wait a moment for each other.
            using var held = FileLock.TryAcquire(Path.Combine(config.Workers, $"start-{kind.Snapshot.Value[..2]}.lock"));
            if (held is null)
                serving.NotBefore = options.Time.GetUtcNow() + OthersStart;
            else if (!await IsServedAsync(worker => IsServing(worker, kind), cancellationToken).ConfigureAwait(false))
                await StartAloneAsync(kind, serving, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The stack stops; a worker that was started goes on.
        }
        catch (Exception e) when (e is KitaruException or IOException or UnauthorizedAccessException)
        {
            await FailedAsync(kind, serving, $"No worker could be started: {e.Message}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="LocalStack.StopWorkersAsync"/>
    public async Task StopAllAsync(TimeSpan timeout)
    {
        var asked = _processes.Values.Where(process => process.TryTerminate()).Select(process => process.Exited).ToList();
        await Task.WhenAny(Task.WhenAll(asked), Task.Delay(timeout, options.Time)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var process in _processes.Values)
            process.Dispose();
        _ended.Dispose();
    }

    private async Task StartAloneAsync(WorkerKind kind, Serving serving, CancellationToken cancellationToken)
    {
        var files = _files ??= options.Worker ?? WorkerFiles.Locate(options.Environment);
        var environment = await controlPlane.Workers.GetEnvironmentAsync(kind.Environment, cancellationToken).ConfigureAwait(false);
        if (await FindMissingSecretAsync(environment, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            await _unrunnable.FailAsync(kind, missing, cancellationToken).ConfigureAwait(false);
            return;
        }
        string folder;
        try
        {
            var stages = new StageStore(config, files, options.Time);
            // Whoever stored it may have built it elsewhere.
            await stages.FetchAsync(kind.Snapshot, controlPlane.Snapshots, cancellationToken).ConfigureAwait(false);
            folder = stages.PrepareRunFolder(kind.Snapshot);
        }
        catch (KitaruNotFoundException e)
        {
            await _unrunnable.FailAsync(kind, $"{e.Message} {e.NextStep}", cancellationToken).ConfigureAwait(false);
            return;
        }
        var arguments = new WorkerArguments
        {
            Id = new WorkerId(Guid.CreateVersion7(options.Time.GetUtcNow())),
            Config = config,
            Snapshot = kind.Snapshot,
            Environment = kind.Environment,
            ParentProcessId = Environment.ProcessId,
            IdleTimeout = environment.IdleSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.IdleTimeout,
            Concurrency = environment.Concurrency ?? options.Concurrency,
            FlowConcurrency = options.FlowConcurrency,
            Server = options.Server?.Url,
            Project = options.Server?.Project,
            AllowCleartext = options.Server?.AllowCleartext ?? false,
        };
        var process = WorkerProcess.Start(
            DotnetInstallation.Find(options.Environment).Host, folder, arguments, await CredentialsAsync(arguments.Id, kind, cancellationToken).ConfigureAwait(false));
        _processes[process.Id] = process;
        if (await WaitForRegistrationAsync(process, cancellationToken).ConfigureAwait(false))
            _ = WatchAsync(process, serving);
        else
            await ExplainAsync(process, arguments, kind, serving, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Its own credential in place of this process's: flow code runs there.</summary>
    private async Task<IReadOnlyDictionary<string, string?>> CredentialsAsync(WorkerId worker, WorkerKind kind, CancellationToken cancellationToken)
    {
        if (options.Server is not { } server)
            return new Dictionary<string, string?>();
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [WorkerServer.TokenVariable] = await server.IssueToken(worker, kind, cancellationToken).ConfigureAwait(false),
            [AuthTokenVariable] = null,
        };
    }

    /// <summary>It cannot be waited for: nobody may ever create it.</summary>
    private async Task<string?> FindMissingSecretAsync(WorkerEnvironment environment, CancellationToken cancellationToken)
    {
        foreach (var name in environment.Secrets)
        {
            if (await controlPlane.Secrets.FindAsync(name, cancellationToken).ConfigureAwait(false) is null)
            {
                return $"The execution's environment takes variables from secret '{Texts.Short(name)}' (secret_environment_from), and there is no such secret. "
                    + "Create it with kitaru_secrets_create, then let the execution go on with kitaru_executions_retry.";
            }
        }
        return null;
    }

    private async Task<bool> WaitForRegistrationAsync(WorkerProcess process, CancellationToken cancellationToken)
    {
        var startedAt = options.Time.GetTimestamp();
        while (!process.Exited.IsCompleted)
        {
            if (await IsServedAsync(worker => worker.Id == process.Id, cancellationToken).ConfigureAwait(false))
                return true;
            if (options.Time.GetElapsedTime(startedAt) > RegistrationMax)
                process.Kill();
            await Task.WhenAny(process.Exited, Task.Delay(RegistrationPoll, options.Time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        // A clean end means that it was there and found nothing to do.
        return await process.Exited.ConfigureAwait(false) == 0;
    }

    private async Task WatchAsync(WorkerProcess process, Serving serving)
    {
        // A worker that died over its work is replaced at once: how often is bounded per execution, where progress is known.
        if (await process.Exited.ConfigureAwait(false) == 0 || await HeldWorkAsync(process.Id).ConfigureAwait(false))
            serving.Succeeded();
        else
            serving.Failed(options.Time.GetUtcNow());
        if (_processes.TryRemove(process.Id, out _))
            process.Dispose();
        Interlocked.Increment(ref _endedCount);
        try
        {
            _ended.Release();
        }
        catch (ObjectDisposedException)
        {
            // The stack has stopped.
        }
    }

    private async Task<bool> HeldWorkAsync(WorkerId worker)
    {
        try
        {
            return await dead.HoldsAnyAsync(worker, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KitaruException or ObjectDisposedException)
        {
            // The stack has stopped, or the store is in trouble: then a pause is right.
            return false;
        }
    }

    private async Task ExplainAsync(
        WorkerProcess process, WorkerArguments arguments, WorkerKind kind, Serving serving, CancellationToken cancellationToken)
    {
        var said = string.Join('\n', new WorkerOutput(arguments.OutputPath).TakeLastWords().Prepend(process.EarlyOutput)).Trim();
        var why = $"A worker ended with exit code {await process.Exited.ConfigureAwait(false)} before it could take work"
            + (said.Length == 0 ? "." : $": {said}");
        if (_processes.TryRemove(process.Id, out _))
            process.Dispose();
        await FailedAsync(kind, serving, why, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A first failure may pass; one that stays is written where people look.</summary>
    private async Task FailedAsync(WorkerKind kind, Serving serving, string why, CancellationToken cancellationToken)
    {
        serving.Failed(options.Time.GetUtcNow());
        Problem(options.Logger, kind.Snapshot.Value, why);
        if (serving.Failures < SilentFailures)
            return;
        try
        {
            var reason = Texts.Short($"{why.ReplaceLineEndings(" ")} Tried {serving.Failures} times; trying again.", ReasonCharsMax);
            await _unrunnable.PostponeAsync(kind, reason, serving.NotBefore, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KitaruException or OperationCanceledException)
        {
            Problem(options.Logger, kind.Snapshot.Value, e.Message);
        }
    }

    private async Task<bool> IsServedAsync(Func<WorkerRecord, bool> by, CancellationToken cancellationToken) =>
        (await controlPlane.Workers.ListAsync(cancellationToken).ConfigureAwait(false)).Any(by);

    [LoggerMessage(LogLevel.Warning, "No worker for snapshot {Snapshot}: {Message}")]
    private static partial void Problem(ILogger logger, string snapshot, string message);
}
