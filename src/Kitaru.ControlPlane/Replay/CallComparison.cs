using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Compares the calls of two executions.</summary>
internal sealed class CallComparison(ValueHashes hashes)
{
    private const string Output = "output";

    public async Task<IReadOnlyList<CallDiff>> CompareAsync(ExecutionDetail original, ExecutionDetail replay, CancellationToken cancellationToken)
    {
        var steps = (replay.Replay?.Steps ?? []).ToDictionary(step => step.Key, step => step.Action, StringComparer.Ordinal);
        var rows = new List<CallDiff>();
        foreach (var (before, after) in CallAlignment.Of(original.Calls, replay.Calls))
        {
            var values = await ValuesAsync(before, after, cancellationToken).ConfigureAwait(false);
            var name = (before ?? after)!.Name;
            rows.Add(new CallDiff
            {
                Name = name,
                Original = before,
                Replay = after,
                Action = ActionOf(after, steps.TryGetValue(name, out var planned) ? planned : null),
                Values = values,
                Changed = before is null || after is null || before.Status != after.Status || !SameFailure(before.Failure, after.Failure) || values.Any(value => value.Changed),
            });
        }
        return rows;
    }

    /// <summary>A record that was taken over says so itself; what has none ran, whatever was planned.</summary>
    private static ReplayAction? ActionOf(CallRecord? replay, ReplayAction? planned) =>
        replay is null ? planned : replay.OriginalCallId is null ? ReplayAction.Run : planned ?? ReplayAction.Reused;

    /// <summary>Stack traces carry line numbers and paths; they do not count.</summary>
    private static bool SameFailure(Failure? before, Failure? after) =>
        (before?.Message, before?.ExceptionType) == (after?.Message, after?.ExceptionType);

    private async Task<IReadOnlyList<ValueDiff>> ValuesAsync(CallRecord? before, CallRecord? after, CancellationToken cancellationToken)
    {
        var (left, right) = (Roles(before), Roles(after));
        var values = new List<ValueDiff>();
        foreach (var role in left.Keys.Union(right.Keys, StringComparer.Ordinal).OrderBy(role => role == Output ? 0 : 1))
        {
            var (one, other) = (left.GetValueOrDefault(role), right.GetValueOrDefault(role));
            var oneHash = await hashes.OfAsync(one, cancellationToken).ConfigureAwait(false);
            var otherHash = await hashes.OfAsync(other, cancellationToken).ConfigureAwait(false);
            values.Add(new ValueDiff(role, one, other, oneHash, otherHash, !Same(one, oneHash, other, otherHash)));
        }
        return values;
    }

    private static bool Same(ArtifactRecord? one, string? oneHash, ArtifactRecord? other, string? otherHash) =>
        (one?.Value.Hash, one?.Value.MediaType) == (other?.Value.Hash, other?.Value.MediaType) || oneHash is not null && oneHash == otherHash;

    /// <summary>The output, then what was saved, by name; a name used again gets a number.</summary>
    private static Dictionary<string, ArtifactRecord> Roles(CallRecord? call)
    {
        var roles = new Dictionary<string, ArtifactRecord>(StringComparer.Ordinal);
        foreach (var artifact in (call?.Artifacts ?? []).OrderBy(artifact => artifact.SaveType == "step_output" ? 0 : 1))
        {
            var name = artifact.SaveType == "step_output" ? Output : artifact.Name;
            // A saved one never takes the output's place, also where a call has no output.
            var ordinal = artifact.SaveType != "step_output" && name == Output ? 2 : 1;
            while (!roles.TryAdd(ordinal == 1 ? name : $"{name}_{ordinal}", artifact))
                ordinal++;
        }
        return roles;
    }
}
