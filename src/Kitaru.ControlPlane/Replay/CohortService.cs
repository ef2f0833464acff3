using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Finds executions that can be replayed from one call (runtime.md 6.4).</summary>
internal sealed class CohortService(IStore store)
{
    private const int LimitMax = 500;
    private const int ScanMax = 10_000;

    public async Task<Cohort> FindAsync(CohortQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        ExecutionStatus[] statuses = query.IncludeFailed ? [ExecutionStatus.Completed, ExecutionStatus.Failed] : [ExecutionStatus.Completed];
        // One more than the cap tells whether there are more.
        var scan = new CohortScan(query.Flow.Trim(), query.At.Trim(), statuses, query.Since, query.Until, query.ScanMax + 1, query.Deployment, query.DeploymentVersion);
        var found = await store.Cohorts.ScanAsync(scan, cancellationToken).ConfigureAwait(false)
            ?? throw await UnknownFlowAsync(query.Flow, cancellationToken).ConfigureAwait(false);
        var cohort = Sift(query, statuses, [.. found.Take(query.ScanMax)], isCapped: found.Count > query.ScanMax);
        return cohort.Matched > 0 ? cohort : throw Nothing(cohort, isCapped: found.Count > query.ScanMax);
    }

    /// <summary>Counts each candidate once: as a match, or under the first reason that leaves it out.</summary>
    private static Cohort Sift(CohortQuery query, ExecutionStatus[] statuses, IReadOnlyList<CohortCandidate> candidates, bool isCapped)
    {
        var matches = new List<CohortMember>();
        var (status, originals, deployment, window, missing, ambiguous) = (0, 0, 0, 0, 0, 0);
        foreach (var candidate in candidates)
        {
            if (!statuses.Contains(candidate.Status))
                status++;
            else if (candidate.IsReplay)
                originals++;
            else if (!candidate.IsDeployed)
                deployment++;
            else if (candidate.Member.CreatedAt < query.Since || candidate.Member.CreatedAt >= query.Until)
                window++;
            else if (candidate.Calls is null or 0)
                missing++;
            else if (candidate.Calls > 1)
                ambiguous++;
            else
                matches.Add(candidate.Member);
        }
        return new Cohort
        {
            Query = query,
            Members = [.. Sort(matches, query.Order).Take(query.Limit)],
            Scanned = candidates.Count,
            Matched = matches.Count,
            IsPartial = isCapped && matches.Count < query.Limit,
            Filtered = new CohortFiltered(status, originals, deployment, window, missing, ambiguous),
        };
    }

    /// <summary>Nulls last in both directions; ties newest first, then by id.</summary>
    private static IEnumerable<CohortMember> Sort(IEnumerable<CohortMember> members, CohortOrder order)
    {
        var known = members.OrderBy(member => Key(member, order.Field) is null);
        var sorted = order.Descending
            ? known.ThenByDescending(member => Key(member, order.Field))
            : known.ThenBy(member => Key(member, order.Field));
        return sorted.ThenByDescending(member => member.CreatedAt).ThenBy(member => member.Id.ToString(), StringComparer.Ordinal);
    }

    private static IComparable? Key(CohortMember member, CohortField field) => field switch
    {
        CohortField.StartedAt => member.StartedAt?.UtcTicks,
        CohortField.Duration => member.Duration?.Ticks,
        CohortField.DisplayCostUsd => member.DisplayCostUsd,
        _ => member.TotalTokens,
    };

    private static void Check(CohortQuery query)
    {
        if (string.IsNullOrWhiteSpace(query.Flow) || string.IsNullOrWhiteSpace(query.At))
            throw new KitaruUsageException("A cohort needs a flow's name and the name of a call.", "Pass flow and at, for example flow=research_agent and at=write_draft.");
        if (query.Limit is < 1 or > LimitMax)
            throw new KitaruUsageException($"limit must be between 1 and {LimitMax}; it is {query.Limit}.", "Call again with limit=50.");
        if (query.ScanMax is < 1 or > ScanMax)
            throw new KitaruUsageException($"max_scan must be between 1 and {ScanMax}; it is {query.ScanMax}.", "Call again with max_scan=500.");
        if (query.Since >= query.Until)
            throw new KitaruUsageException($"since ({query.Since:O}) is not before until ({query.Until:O}).", "Swap the two, or leave one out.");
    }

    private async Task<KitaruUsageException> UnknownFlowAsync(string flow, CancellationToken cancellationToken)
    {
        var known = await store.Cohorts.ListFlowsAsync(cancellationToken).ConfigureAwait(false);
        return new KitaruUsageException(
            $"There is no flow '{Texts.Short(flow, 80)}'.{Texts.DidYouMean(flow, known)}", "See flow_name in kitaru_executions_list, then call again with one of these.")
        {
            Details = new JsonObject { ["argument"] = "flow", ["got"] = Texts.Short(flow, 80), ["nearest"] = Texts.Nearest(flow, known) },
        };
    }

    private static KitaruUsageException Nothing(Cohort cohort, bool isCapped)
    {
        var (query, left) = (cohort.Query, cohort.Filtered);
        var counts = new (int Count, string Why)[]
        {
            (left.Status, query.IncludeFailed ? "neither completed nor failed" : "not completed"),
            (left.Originals, "replays themselves"),
            (left.Deployment, "not invoked from that deployment"),
            (left.Window, "created outside since/until"),
            (left.Checkpoint, $"without a call '{Texts.Short(query.At, 80)}'"),
            (left.AmbiguousCheckpoint, $"with several calls '{Texts.Short(query.At, 80)}'"),
        };
        var why = string.Join(", ", counts.Where(count => count.Count > 0).Select(count => $"{count.Count} {count.Why}"));
        var next = left.AmbiguousCheckpoint > 0 ? $"Name one of the repeats, for example at={Texts.Short(query.At, 80)}_2."
            : left.Status > 0 && !query.IncludeFailed ? "Call again with include_failed=true, or with another flow."
            : isCapped ? "Call again with a larger max_scan."
            : "Look at one execution with kitaru_executions_latest(flow=...): its checkpoints have the names.";
        return new KitaruUsageException(
            $"No execution of flow '{Texts.Short(query.Flow, 80)}' fits: of {cohort.Scanned} looked at{(isCapped ? " (there are more)" : "")}, {(why.Length == 0 ? "none is there" : why)}.", next)
        {
            Details = new JsonObject
            {
                ["scanned"] = cohort.Scanned,
                ["status"] = left.Status,
                ["originals"] = left.Originals,
                ["deployment"] = left.Deployment,
                ["window"] = left.Window,
                ["checkpoint"] = left.Checkpoint,
                ["ambiguous_checkpoint"] = left.AmbiguousCheckpoint,
            },
        };
    }
}
