using Kitaru.Core;
using Kitaru.Hosting;
using Kitaru.Secrets;

namespace Kitaru.Engine.Check;

/// <summary>
/// Runs the present code of a flow against what an execution has recorded, up to the first thing that is not recorded. No checkpoint's body runs:
/// the run is told that its worker is ending, so it starts nothing new.
/// </summary>
internal static class CheckRun
{
    private const int WhyCharsMax = 1000;

    public static async Task<ReplayCheck> RunAsync(
        IControlPlane store, FlowCatalog flows, IServiceProvider? services, KnownSecrets secrets, ExecutionId id, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await store.Workers.PeekAsync(id, cancellationToken).ConfigureAwait(false) is not { } claim)
            return new ReplayCheck(id, null, "the execution is no longer there");
        FlowEntry flow;
        try
        {
            flow = flows.Get(claim.Execution.FlowName);
        }
        catch (KitaruUsageException fault)
        {
            return new ReplayCheck(id, false, fault.Message);
        }
        var seen = new CheckControlPlane(store);
        var run = new FlowRun(claim, flow, new FlowRunOptions
        {
            ControlPlane = seen,
            Time = time,
            Services = services,
            Secrets = secrets,
            LetGo = static () => true,
            Draining = static () => true,
        });
        run.Start();
        await run.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        var (would, why) = Judge(seen, claim.Journal.Count);
        return new ReplayCheck(id, would, Texts.Clip(secrets.All?.Apply(why) ?? why, WhyCharsMax));
    }

    private static (bool? Would, string Why) Judge(CheckControlPlane seen, int records)
    {
        var all = records == 0 ? "nothing is recorded yet" : $"the new code makes all {records} recorded calls";
        return seen switch
        {
            { WouldRecord: true } => (true, $"{all} and goes on"),
            { Outcome: { Failure: { Divergence: { } sides } } } => (false, $"recorded: {sides.Recorded}; the new code: {sides.Present}"
                + (sides.LastAgreed is { } last ? $"; both agree up to '{last}'" : "")),
            { Outcome: { Failure: { Origin: FailureOrigin.Backend } failure } } => (null, failure.Message),
            { Outcome: { Failure: { } failure } } => (false, $"the new code fails: {failure.Message}"),
            { Outcome: not null } => (true, $"{all} and ends"),
            { Release: { RetriesUsed: not null, Reason: var reason } } => (false, $"the new code fails: {reason}"),
            { Release: not null } => (true, $"{all} and goes on"),
            _ => (null, "the check was given up"),
        };
    }
}
