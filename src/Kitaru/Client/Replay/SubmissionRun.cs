using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>Carries a submission out: checks every execution, starts the replays, waits for them.</summary>
internal sealed class SubmissionRun(
    KitaruClient client, IControlPlane controlPlane, ReplayPreparation preparation, SubmissionChanges changes, SubmissionErrors errors)
{
    private const int ReportEvery = 25;

    private readonly List<(string Reference, ExecutionRecord Record)> _checked = [];
    private readonly List<(SubmittedReplay Replay, (FlowId Id, int? Version) Flow)> _results = [];
    private readonly List<SubmissionProblem> _failures = [];
    private readonly List<SubmissionProblem> _skipped = [];
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

    public List<ReplayPlan> Plans { get; } = [];

    /// <summary>Plans each, builds its code and checks its inputs; starts nothing.</summary>
    public async Task CheckAsync(IReadOnlyList<string> references, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        foreach (var reference in references)
        {
            Report(progress, "checked", _checked.Count + _failures.Count + _skipped.Count, references.Count);
            ExecutionRecord? record = null;
            try
            {
                record = await client.Executions.FindAsync(ExecutionId.Parse(reference), cancellationToken).ConfigureAwait(false);
                var prepared = await PrepareAsync(record, cancellationToken).ConfigureAwait(false);
                changes.Match(prepared.Plan);
                if (prepared.Warning is not null)
                    _warnings.Add(prepared.Warning);
                if (changes.Options.DryRun)
                    Plans.Add(prepared.Plan);
                _checked.Add((reference, record));
            }
            catch (KitaruException fault) when (errors == SubmissionErrors.Collect && fault is not IdempotencyKeyTakenException)
            {
                (NeverMadeTheCall(fault) ? _skipped : _failures).Add(new SubmissionProblem(reference, record?.Id, ExecutionsClient.Reason(fault)));
            }
        }
    }

    public async Task StartAsync(string submission, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        foreach (var (reference, record) in _checked)
        {
            Report(progress, "started", _results.Count, _checked.Count);
            try
            {
                var prepared = await PrepareAsync(record, cancellationToken).ConfigureAwait(false);
                var replay = await controlPlane.Replays.CreateAsync(
                    prepared.Request, prepared.Execution with { Metadata = changes.Metadata(submission, prepared.Plan) }, client.Principal, cancellationToken).ConfigureAwait(false);
                await client.RunIfOwnAsync(replay, cancellationToken).ConfigureAwait(false);
                _results.Add((new SubmittedReplay(reference, record.Id, replay.Id, SubmissionStatus.Submitted, client.Links.Of(record.FlowId, record.Deployment?.Version, record.Id, replay.Id)), (record.FlowId, record.Deployment?.Version)));
            }
            catch (KitaruException fault) when (errors == SubmissionErrors.Collect && fault is not IdempotencyKeyTakenException)
            {
                _failures.Add(new SubmissionProblem(reference, record.Id, ExecutionsClient.Reason(fault)));
            }
            catch (KitaruException fault) when (_results.Count > 0 && fault is not IdempotencyKeyTakenException)
            {
                throw new KitaruRuntimeException(
                    $"{_results.Count} of {_checked.Count} replays of submission {submission} were started, then {reference} could not be: {fault.Message}",
                    $"The started ones go on; find them with kitaru_executions_list and submission_id in their metadata. {fault.NextStep}", fault);
            }
        }
    }

    /// <summary>Until each has ended or asks for input, or the time since <paramref name="begun"/> is over.</summary>
    public async Task WaitAsync(long begun, TimeSpan? max, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _results.Count; i++)
        {
            var left = max is { } limit ? limit - client.Time.GetElapsedTime(begun) : Timeout.InfiniteTimeSpan;
            if (max is not null && left < TimeSpan.Zero)
                left = TimeSpan.Zero;
            var record = await client.Executions.WaitForStopAsync(_results[i].Replay.Replay, left, cancellationToken).ConfigureAwait(false);
            _results[i] = _results[i] with { Replay = _results[i].Replay with { Status = StatusOf(record.Status) } };
        }
    }

    public ReplaySubmission Submission(bool wait) => new()
    {
        Tag = changes.Options.Tag,
        At = changes.At,
        Wait = wait,
        Plan = changes.Plan(),
        Failures = _failures,
        Skipped = _skipped,
        Warnings = [.. _warnings],
    };

    public ReplaySubmission Complete(ReplaySubmission submission)
    {
        var flows = _results.Select(result => result.Flow).Distinct().ToList();
        var all = _results.SelectMany(result => new[] { result.Replay.Original, result.Replay.Replay }).Distinct().ToList();
        return submission with
        {
            Results = [.. _results.Select(result => result.Replay)],
            CompareUrl = flows.DistinctBy(flow => flow.Id).ToList() is [var one] ? client.Links.Of(one.Id, flows.Count == 1 ? one.Version : null, all) : null,
        };
    }

    private Task<PreparedReplay> PrepareAsync(ExecutionRecord record, CancellationToken cancellationToken) =>
        preparation.PrepareAsync(record, changes.Request(record.Id), changes.Tags, metadata: null, cancellationToken);

    private static bool NeverMadeTheCall(KitaruException fault) =>
        fault is KitaruStateException && (string?)fault.Details?["argument"] == ReplayRequest.FromArgument;

    private static SubmissionStatus StatusOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Completed => SubmissionStatus.Completed,
        ExecutionStatus.Failed or ExecutionStatus.Cancelled => SubmissionStatus.Failed,
        _ => SubmissionStatus.Submitted,
    };

    private static void Report(IProgress<string>? progress, string what, int done, int total)
    {
        if (done > 0 && done % ReportEvery == 0)
            progress?.Report($"{what} {done} of {total} executions");
    }
}
