using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Telemetry;

namespace Kitaru.ControlPlane;

internal sealed class ReplayService(IStore store, LargeValues values, IdFactory ids, ExecutionService executions, DiffService diffs, CohortService cohorts) : IReplays
{
    public async Task<ReplayPlan> PlanAsync(ReplayRequest request, CancellationToken cancellationToken = default) =>
        (await PrepareAsync(request, by: null, cancellationToken).ConfigureAwait(false)).Plan;

    public async Task<ExecutionRecord> CreateAsync(
        ReplayRequest request, NewExecution execution, string by, CancellationToken cancellationToken = default)
    {
        execution = execution with { Tags = TagRules.Check(execution.Tags), TraceParent = execution.TraceParent ?? KitaruTelemetry.Current };
        if (execution.IdempotencyKey is { } key)
            IdempotentRequest.CheckKey(key);
        var (rows, plan, overridden) = await PrepareAsync(request, by, cancellationToken).ConfigureAwait(false);
        var saved = rows.Saved.ToLookup(artifact => artifact.ProducingCall, artifact => artifact.Id, StringComparer.Ordinal);
        var taken = new List<TakenOver>();
        foreach (var step in plan.Steps.Where(step => step.Action != ReplayAction.Run))
        {
            StoredValue? value = null;
            if (step.Action == ReplayAction.Overridden)
                value = await values.KeepAsync(overridden.ValueOf(step.Key), cancellationToken).ConfigureAwait(false);
            taken.Add(new TakenOver(step.Key, step.Kind, step.CallId, value, [.. saved[step.Key]]));
        }
        var replay = execution with
        {
            OriginalId = request.Source,
            Seed = rows.Execution.Seed,
            Inputs = await values.KeepAsync(execution.Inputs, cancellationToken).ConfigureAwait(false),
        };
        var inserted = await store.Replays.InsertAsync(replay, new FlowId(ids.NewId()), plan, taken, cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruStateException($"Execution {request.Source} changed while its replay was planned; nothing was started.", "Look at it with kitaru_executions_get and call again.");
        if (inserted.Existing is { } existing)
            await ThrowUnlessSameAsync(existing, plan, replay, cancellationToken).ConfigureAwait(false);
        return await executions.FindOrThrowAsync(inserted.Existing ?? replay.Id, cancellationToken).ConfigureAwait(false);
    }

    private async Task ThrowUnlessSameAsync(ExecutionId existing, ReplayPlan wanted, NewExecution replay, CancellationToken cancellationToken)
    {
        var plan = await FindPlanAsync(existing, cancellationToken).ConfigureAwait(false);
        var record = await executions.FindOrThrowAsync(existing, cancellationToken).ConfigureAwait(false);
        var isSame = plan is not null && plan.Source == wanted.Source && plan.From == wanted.From && record.Inputs.Hash == replay.Inputs.Hash
            && plan.Matched.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Matched.Keys);
        if (!isSame)
        {
            throw new KitaruStateException(
                $"The idempotency key '{Texts.Short(replay.IdempotencyKey ?? "")}' belongs to execution {existing}, which is not this replay; nothing was started.",
                "Use a new key for a new replay, or repeat the first call unchanged to get its execution back.");
        }
    }

    public Task<ReplayPlan?> FindPlanAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        store.Replays.FindPlanAsync(id, cancellationToken);

    public Task<ExecutionDiff> DiffAsync(DiffRequest request, CancellationToken cancellationToken = default) => diffs.DiffAsync(request, cancellationToken);

    public Task<Cohort> FindCohortAsync(CohortQuery query, CancellationToken cancellationToken = default) => cohorts.FindAsync(query, cancellationToken);

    private async Task<(ExecutionRows Rows, ReplayPlan Plan, OverriddenCalls Overridden)> PrepareAsync(ReplayRequest request, string? by, CancellationToken cancellationToken)
    {
        var rows = await store.Executions.FindRowsAsync(request.Source, cancellationToken).ConfigureAwait(false)
            ?? throw ExecutionService.NotFound(request.Source);
        _ = ExecutionDecisions.Check(ExecutionOperation.Replay, rows.Execution);
        var calls = RecordedCall.Of(rows);
        if (!calls.Any(call => call.Kind == JournalKind.Checkpoint))
            throw new KitaruStateException($"Execution {request.Source} has no checkpoints: there is nothing to start a replay from.", "Start it anew with kitaru_executions_run.");
        var selectors = new ReplaySelectors(request.Source, calls);
        var planner = new ReplayPlanner(calls);
        var from = selectors.Start(request.From);
        var overridden = new OverriddenCalls(request, rows, selectors, planner);
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in request.Skip)
        {
            var call = selectors.Checkpoint(selector, "skip");
            if (overridden.Keys.Contains(call.Key))
                throw new KitaruUsageException($"Checkpoint '{call.Key}' is both skipped and overridden.", "Leave it out of one of the two.");
            skipped.Add(call.Key);
        }
        var source = rows.Execution;
        var sourcePlan = source.OriginalId is null ? null : await FindPlanAsync(source.Id, cancellationToken).ConfigureAwait(false);
        var plan = new ReplayPlan
        {
            Source = source.Id,
            From = from.Key,
            Steps = planner.Plan(from.Key, overridden.Keys, skipped),
            FlowInputs = [.. (request.FlowInputs ?? []).Select(pair => pair.Key)],
            InputsDiffer = request.FlowInputs is { Count: > 0 } || sourcePlan is { InputsDiffer: true },
            Matched = overridden.Matched,
            Root = sourcePlan?.Root ?? source.Id,
            ClockStart = sourcePlan?.ClockStart ?? source.StartedAt ?? source.CreatedAt,
            IsStrict = source is { OriginalId: null, RetriesUsed: 0, Reopened: 0 } && request.FlowInputs is null or { Count: 0 },
            By = by,
        };
        return (rows, plan, overridden);
    }
}
