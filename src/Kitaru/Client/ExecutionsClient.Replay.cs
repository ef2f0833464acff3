using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru;

/// <content>Executions that go on after a failure, or run once more in part.</content>
public sealed partial class ExecutionsClient
{
    /// <summary>
    /// Re-opens a failed execution under the same id: finished checkpoints keep their records, the ones that made it fail run again.
    /// </summary>
    /// <param name="id">The execution.</param>
    /// <param name="code">With <see cref="ExecutionCode.Current"/> a fix in the flow's source takes effect.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build; an execution that was re-opened goes on.</param>
    /// <exception cref="KitaruStateException">It is not failed.</exception>
    /// <exception cref="KitaruFeatureNotAvailableException">Nothing here runs executions on its stack.</exception>
    public Task<ExecutionRecord> RetryAsync(
        ExecutionId id, ExecutionCode code = ExecutionCode.Recorded, IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Executions.RetryAsync", new JsonObject { ["id"] = id.ToString(), ["code"] = code.ToString() },
            client => client.Executions.ReopenAsync(id, code, progress, cancellationToken), cancellationToken);

    private async Task<ExecutionRecord> ReopenAsync(ExecutionId id, ExecutionCode code, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        await _client.SettingsOn(controlPlane).CheckRetryAsync(record, cancellationToken).ConfigureAwait(false);
        SnapshotId? snapshot = null;
        // Only one that can be retried is worth a build; the store refuses the others.
        if (code == ExecutionCode.Current && record.Status == ExecutionStatus.Failed)
        {
            var current = await CodeChoice.CurrentAsync(() => _client.BuilderOn(controlPlane), record, progress, cancellationToken).ConfigureAwait(false);
            if (current.Flow is { } flow)
                _ = InputBinder.Bind(flow, await ReplayPreparation.InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false));
            snapshot = current.Snapshot;
        }
        var reopened = await controlPlane.Executions.RetryAsync(id, snapshot, _client.Principal, cancellationToken).ConfigureAwait(false);
        await _client.RunIfOwnAsync(reopened, cancellationToken).ConfigureAwait(false);
        return reopened;
    }

    /// <summary>What a replay would do; nothing is started.</summary>
    /// <inheritdoc cref="ReplayAsync"/>
    public async Task<ReplayPlan> PlanReplayAsync(
        ExecutionId id, string from, ReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReplayOptions();
        _ = new ReplayCode(options.Code, options.Version, options.Target).Checked();
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (options.Version is { } version)
            _ = await controlPlane.Deployments.ResolveAsync(record.FlowName, version, null, cancellationToken).ConfigureAwait(false);
        // The recorded code's parameters are at hand; present code is only built to run it.
        var flow = (await CodeChoice.RecordedAsync(controlPlane, record, cancellationToken).ConfigureAwait(false)).Flow;
        var recorded = await ReplayPreparation.InputsOfAsync(controlPlane, record, cancellationToken).ConfigureAwait(false);
        return await controlPlane.Replays.PlanAsync(Request(id, from, options, ReplayPreparation.Different(recorded, options.FlowInputs, flow)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The code a replay runs, in words, and why it is not the present one where that is usual.</summary>
    internal async Task<(string Name, string? Warning)> CodeOfReplayAsync(ExecutionId id, ReplayOptions options, CancellationToken cancellationToken)
    {
        var code = new ReplayCode(options.Code, options.Version, options.Target).Checked();
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        var fallBack = ReplayPreparation.FallBack(_client, record, code);
        return (fallBack is null ? code.Name(record) : "recorded", fallBack);
    }

    /// <summary>
    /// Starts a new execution that takes over everything before <paramref name="from"/> from an earlier one and runs the rest; the earlier one
    /// is never changed. Its clock, ids and random numbers travel along.
    /// </summary>
    /// <param name="id">The execution to replay: one that waits or has ended.</param>
    /// <param name="from">Where to start: a checkpoint's name or call id, or a wait's name.</param>
    /// <param name="options">What is to be different.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build; an execution that was stored goes on.</param>
    /// <exception cref="KitaruStateException">It runs, has no checkpoints, or a selector does not mean exactly one call.</exception>
    /// <exception cref="KitaruUsageException">An override or an input is not valid.</exception>
    /// <exception cref="KitaruBuildException">The present code does not compile.</exception>
    public async Task<ReplayHandle> ReplayAsync(
        ExecutionId id, string from, ReplayOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReplayOptions();
        var started = await _client.StartAsync(
            options.IdempotencyKey, "Executions.ReplayAsync",
            new JsonObject { ["id"] = id.ToString(), ["from"] = from, ["options"] = JsonSerializer.SerializeToNode(options with { IdempotencyKey = null }) },
            client => client.Executions.StartReplayAsync(id, from, options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new ReplayHandle(_client, started.Id, started.Warning);
    }

    private async Task<StartedExecution> StartReplayAsync(
        ExecutionId id, string from, ReplayOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var record = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        var prepared = await new ReplayPreparation(_client, controlPlane, new ReplayCode(options.Code, options.Version, options.Target).Checked(), options.Settings, progress)
            .PrepareAsync(record, Request(id, from, options, options.FlowInputs), options.Tags, options.Metadata, cancellationToken).ConfigureAwait(false);
        var replay = await controlPlane.Replays.CreateAsync(
            prepared.Request, prepared.Execution with { IdempotencyKey = _client.StoredKey }, _client.Principal, cancellationToken).ConfigureAwait(false);
        await _client.RunIfOwnAsync(replay, cancellationToken).ConfigureAwait(false);
        return new StartedExecution(replay.Id, prepared.Warning);
    }

    private static ReplayRequest Request(ExecutionId id, string from, ReplayOptions options, JsonObject? different) => new()
    {
        Source = id,
        From = from,
        Outputs = ReplayOverrides.Parse(options.Overrides),
        Skip = options.Skip,
        FlowInputs = different,
    };
}
