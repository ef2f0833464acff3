using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Core;

namespace Kitaru;

/// <content>Several executions replayed with the same changes.</content>
public sealed partial class ExecutionsClient
{
    private const int ReasonCharsMax = 500;

    /// <summary>
    /// Replays several executions from the same call with the same changes. Each replay is an execution of its own and waits its turn like any other.
    /// </summary>
    /// <param name="executions">1 to 500 executions, by their ids; one given twice counts once.</param>
    /// <param name="at">Where to start: a call's name.</param>
    /// <param name="options">What is to be different.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops checking, building and waiting; replays that were stored go on.</param>
    /// <exception cref="KitaruUsageException">A change is not valid.</exception>
    /// <exception cref="KitaruFeatureNotAvailableException">An override asks for another input, model or code.</exception>
    /// <exception cref="KitaruException">With <see cref="SubmissionErrors.Fail"/>: the first execution that cannot be replayed.</exception>
    public Task<ReplaySubmission> ReplayManyAsync(
        IReadOnlyList<string> executions, string at, ReplayManyOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ReplayManyOptions();
        return _client.ChangeAsync(
            "Executions.ReplayManyAsync",
            new JsonObject { ["executions"] = JsonSerializer.SerializeToNode(executions), ["at"] = at, ["options"] = JsonSerializer.SerializeToNode(options) },
            client => client.Executions.SubmitAsync(executions, at, options, progress, cancellationToken), cancellationToken);
    }

    private async Task<ReplaySubmission> SubmitAsync(
        IReadOnlyList<string> executions, string at, ReplayManyOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var begun = _client.Time.GetTimestamp();
        IReadOnlyList<string> references = [.. executions.Select(reference => reference.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (references.Count is 0 or > ReplaySubmission.ExecutionsMax)
        {
            throw new KitaruUsageException(
                $"exec_ids names {references.Count} executions; expected 1 to {ReplaySubmission.ExecutionsMax}.", "Find executions with kitaru_executions_cohort or kitaru_executions_list, and pass their exec_id.");
        }
        var changes = new SubmissionChanges(at, options);
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var run = new SubmissionRun(
            _client, controlPlane, new ReplayPreparation(_client, controlPlane, new ReplayCode(options.Code), new ExecutionSettings(), progress), changes,
            options.OnError ?? (references.Count == 1 ? SubmissionErrors.Fail : SubmissionErrors.Collect));
        // All are checked before the first is started.
        await run.CheckAsync(references, progress, cancellationToken).ConfigureAwait(false);
        var submission = run.Submission(options.Wait ?? references.Count == 1);
        if (options.DryRun)
            return submission with { Plans = run.Plans };
        submission = submission with { Id = NewSubmissionId() };
        await run.StartAsync(submission.Id, progress, cancellationToken).ConfigureAwait(false);
        if (submission.Wait)
            await run.WaitAsync(begun, options.WaitMax, cancellationToken).ConfigureAwait(false);
        return run.Complete(submission);
    }

    private string NewSubmissionId()
    {
        var now = _client.Time.GetUtcNow();
        return string.Create(CultureInfo.InvariantCulture, $"rs-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Guid.CreateVersion7(now).ToString("N")[^8..]}");
    }

    internal static string Reason(KitaruException fault) =>
        Texts.Clip(fault.NextStep is null ? fault.Message : $"{fault.Message} {fault.NextStep}", ReasonCharsMax);
}
