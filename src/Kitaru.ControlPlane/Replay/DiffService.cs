using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Puts an execution beside its replays (runtime.md 6.3).</summary>
internal sealed class DiffService(IArtifacts artifacts, ExecutionService executions)
{
    /// <summary>How many calls, of all replays together, one comparison holds in memory.</summary>
    private const int CallsMax = 100_000;

    public async Task<ExecutionDiff> DiffAsync(DiffRequest request, CancellationToken cancellationToken)
    {
        var original = await executions.GetAsync(request.Original, cancellationToken).ConfigureAwait(false);
        var warnings = new List<string>();
        var replays = await ReplaysAsync(request, warnings, cancellationToken).ConfigureAwait(false);
        if (!StatusOf(original).IsEnd)
            warnings.Add($"the original {request.Original} has not ended ({StatusOf(original).Word}): calls it has not made yet stand on the replays' side only");
        var hashes = new ValueHashes(artifacts);
        var (compared, size) = (new List<ReplayDiff>(), 0);
        foreach (var id in replays)
        {
            if (size > CallsMax)
            {
                warnings.Add($"{compared.Count} of {replays.Count} replays are compared: they have {size} calls already; name the others in executions, in a call of their own");
                break;
            }
            var replay = await executions.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (!StatusOf(replay).IsEnd)
                warnings.Add($"replay {id} has not ended ({StatusOf(replay).Word}): calls it has not made yet stand on the original's side only");
            compared.Add(await CompareAsync(original, replay, hashes, cancellationToken).ConfigureAwait(false));
            size += compared[^1].Calls.Count;
        }
        return new ExecutionDiff(original.Execution, compared, warnings);
    }

    private async Task<ReplayDiff> CompareAsync(ExecutionDetail original, ExecutionDetail replay, ValueHashes hashes, CancellationToken cancellationToken) => new()
    {
        Replay = replay.Execution,
        Calls = await new CallComparison(hashes).CompareAsync(original, replay, cancellationToken).ConfigureAwait(false),
        Overridden = [.. (replay.Replay?.Steps ?? []).Where(step => step.Action == ReplayAction.Overridden).Select(step => step.Key)],
        Inputs = await InputsDiff.OfAsync(artifacts, original.Execution.Inputs, replay.Execution.Inputs, cancellationToken).ConfigureAwait(false),
        Waits = Waits(original.Waits, replay.Waits),
        ResultChanged = await EndsDifferAsync(hashes, original.Execution, replay.Execution, cancellationToken).ConfigureAwait(false),
    };

    private static IReadOnlyList<WaitDiff> Waits(IReadOnlyList<WaitRecord> original, IReadOnlyList<WaitRecord> replay)
    {
        var after = replay.ToDictionary(wait => wait.Name, StringComparer.Ordinal);
        var rows = original.Select(wait => new WaitDiff(wait.Name, wait, after.GetValueOrDefault(wait.Name)));
        var known = original.Select(wait => wait.Name).ToHashSet(StringComparer.Ordinal);
        return [.. rows.Concat(replay.Where(wait => !known.Contains(wait.Name)).Select(wait => new WaitDiff(wait.Name, null, wait)))
            .Where(row => row.Original?.Status != row.Replay?.Status || row.Original?.Answer?.Hash != row.Replay?.Answer?.Hash)];
    }

    private static async Task<bool> EndsDifferAsync(ValueHashes hashes, ExecutionRecord original, ExecutionRecord replay, CancellationToken cancellationToken)
    {
        if (original.Status != replay.Status || (original.Failure?.Message, original.Failure?.ExceptionType) != (replay.Failure?.Message, replay.Failure?.ExceptionType))
            return true;
        if ((original.Result?.Hash, original.Result?.MediaType) == (replay.Result?.Hash, replay.Result?.MediaType))
            return false;
        return await hashes.OfAsync(original.Result, cancellationToken).ConfigureAwait(false) is not { } hash
            || hash != await hashes.OfAsync(replay.Result, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ExecutionId>> ReplaysAsync(DiffRequest request, List<string> warnings, CancellationToken cancellationToken)
    {
        if (request.Replays is null)
            return await FoundAsync(request, warnings, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ExecutionId> given = [.. request.Replays.Distinct()];
        if (given.Count is 0 or > DiffRequest.ReplaysLimit)
        {
            throw new KitaruUsageException(
                $"executions names {given.Count} executions; expected 1 to {DiffRequest.ReplaysLimit} replays of {request.Original}.",
                "Leave executions out to compare all replays, or name fewer.");
        }
        foreach (var id in given)
            await ThrowUnlessReplayAsync(request.Original, id, cancellationToken).ConfigureAwait(false);
        return given;
    }

    private async Task<IReadOnlyList<ExecutionId>> FoundAsync(DiffRequest request, List<string> warnings, CancellationToken cancellationToken)
    {
        var max = Math.Clamp(request.ReplaysMax, 1, DiffRequest.ReplaysLimit);
        var page = await executions.ListAsync(new ExecutionQuery { OriginalId = request.Original, Limit = max }, cancellationToken).ConfigureAwait(false);
        if (page.Total == 0)
            warnings.Add($"execution {request.Original} has no replays: start one with kitaru_executions_replay, then compare again");
        if (page.Total > page.Items.Count)
            warnings.Add($"the newest {page.Items.Count} of {page.Total} replays are compared; name others in executions: kitaru_executions_list(original_exec_id=\"{request.Original}\") lists them");
        return [.. page.Items.Select(replay => replay.Id)];
    }

    private async Task ThrowUnlessReplayAsync(ExecutionId original, ExecutionId id, CancellationToken cancellationToken)
    {
        var replay = await executions.FindOrThrowAsync(id, cancellationToken).ConfigureAwait(false);
        if (replay.OriginalId == original)
            return;
        var (what, next) = replay.OriginalId is { } other
            ? ($"it replays {other}", $"Compare it with that one: original={other}, executions=[\"{id}\"].")
            : ("it replays nothing", $"List the replays with kitaru_executions_list(original_exec_id=\"{original}\"), or leave executions out to compare all.");
        if (id == original)
            (what, next) = ("it is the original itself", "Leave executions out to compare all replays of it.");
        else if ((await executions.FindOrThrowAsync(original, cancellationToken).ConfigureAwait(false)).OriginalId == id)
            (what, next) = ("it is the other way round", $"Call again with original={id}, executions=[\"{original}\"].");
        throw new KitaruUsageException($"Execution {id} is not a direct replay of {original}: {what}.", next) { Details = new() { ["argument"] = "executions", ["got"] = id.ToString() } };
    }

    private static (bool IsEnd, string Word) StatusOf(ExecutionDetail detail) =>
        (ExecutionTransitions.IsTerminal(detail.Execution.Status), PublicStatus.Word(detail.Execution.Status));
}
