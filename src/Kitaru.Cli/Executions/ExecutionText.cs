using System.Text.Json.Nodes;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>Executions as people see them.</summary>
internal static class ExecutionText
{
    private const int CheckpointsShown = 4;
    private const int CharsMax = 1000;

    public static Table Table(IEnumerable<ExecutionRecord> executions, string? note) => new(
        "Kitaru executions", ["ID", "Flow", "Status", "Started", "Ended", "Stack"],
        [.. executions.Select(execution => (Cell[])[
            Cell.Id(execution.Id), execution.FlowName, Cell.Status(StatusWords.Of(execution.Status)), Time(execution.StartedAt), Time(execution.EndedAt), execution.StackName])])
    {
        Note = note,
    };

    /// <param name="detail">The execution.</param>
    /// <param name="json">Its full form, which has inputs and result.</param>
    public static Snapshot Snapshot(ExecutionDetail detail, JsonObject json)
    {
        var execution = detail.Execution;
        var wait = execution.PendingWaits.Count > 0 ? execution.PendingWaits[0] : null;
        return new Snapshot(
            "Kitaru execution",
            ("Execution ID", execution.Id.ToString()),
            ("Flow", execution.FlowName),
            ("Status", Cell.Status(StatusWords.Of(execution.Status))),
            ("Reason", StatusWords.Reason(execution)),
            ("Started", Moment(execution.StartedAt)),
            ("Ended", Moment(execution.EndedAt)),
            ("Stack", execution.StackName),
            ("Target", execution.Target),
            ("Deployment", execution.Deployment is { } deployment ? $"v{deployment.Version}" : null),
            ("Replay of", execution.OriginalId?.ToString()),
            ("Tags", execution.Tags.Count == 0 ? null : string.Join(", ", execution.Tags)),
            ("Inputs", json["inputs"] is JsonObject { Count: > 0 } inputs ? Value(inputs) : null),
            ("Pending wait", wait?.Name),
            ("Wait question", wait?.Question),
            ("Failure", execution.Failure is { } failure && execution.Status == ExecutionStatus.Failed ? Texts.Clip(failure.Message, CharsMax) : null),
            ("Checkpoints", Checkpoints(detail.Calls)),
            ("Result", execution.Status == ExecutionStatus.Completed ? Value(json["result"]) : null));
    }

    /// <summary>What makes sense now.</summary>
    public static IReadOnlyList<string> Hints(ExecutionRecord execution) => execution.Status switch
    {
        ExecutionStatus.Waiting when execution.PendingWaits is [var wait, ..] => [Question.Command(wait)],
        ExecutionStatus.Failed => [$"kitaru executions explain {execution.Id}", $"kitaru executions retry {execution.Id}"],
        ExecutionStatus.Queued or ExecutionStatus.Running or ExecutionStatus.Sleeping => [$"kitaru executions logs {execution.Id} --follow"],
        _ => [],
    };

    private static string Checkpoints(IReadOnlyList<CallRecord> calls)
    {
        if (calls.Count == 0)
            return "none";
        var shown = string.Join(", ", calls.Take(CheckpointsShown).Select(call => $"{call.Name} ({StatusWords.Of(call.Status)})"));
        return calls.Count > CheckpointsShown ? $"{shown}, +{calls.Count - CheckpointsShown} more" : shown;
    }

    private static string Value(JsonNode? value) => Texts.Clip(KitaruJson.Write(value), CharsMax);

    private static Cell Time(DateTimeOffset? moment) => moment is null ? "-" : Cell.Time(moment);

    private static Cell Moment(DateTimeOffset? moment) => moment is null ? "not available" : Cell.Time(moment);
}
