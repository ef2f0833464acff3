using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpReplays(HttpCalls calls, HttpValues values) : IReplays
{
    public Task<ReplayPlan> PlanAsync(ReplayRequest request, CancellationToken cancellationToken = default) =>
        calls.AskAsync<ReplayPlan>("replays/plan", request, cancellationToken);

    public async Task<ExecutionRecord> CreateAsync(ReplayRequest request, NewExecution execution, string by, CancellationToken cancellationToken = default)
    {
        var inputs = await values.KeepAsync(execution.Inputs, cancellationToken).ConfigureAwait(false);
        return await calls.ChangeAsync<ExecutionRecord>(
            HttpMethod.Post, "replays", new ReplayBody { Request = request, Execution = execution with { Inputs = inputs }, By = by }, Repeat.Keyed, cancellationToken).ConfigureAwait(false);
    }

    public Task<ReplayPlan?> FindPlanAsync(ExecutionId id, CancellationToken cancellationToken = default) =>
        calls.FindAsync<ReplayPlan>("replay_plan", $"executions/{id}/replay_plan", cancellationToken);

    public Task<ExecutionDiff> DiffAsync(DiffRequest request, CancellationToken cancellationToken = default) =>
        calls.AskAsync<ExecutionDiff>("replays/diff", request, cancellationToken);

    public Task<Cohort> FindCohortAsync(CohortQuery query, CancellationToken cancellationToken = default) =>
        calls.AskAsync<Cohort>("replays/cohort", query, cancellationToken);
}
