using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane;

/// <summary>The pieces of evidence, each small enough to be read by an assistant.</summary>
internal sealed class EvidenceList
{
    private const int TextCharsMax = 1000;
    private const int LineCharsMax = 300;
    private const int CallsMax = 20;
    private const int FramesMax = 3;
    private const int PartBytesMax = 2048;

    private readonly List<Evidence> _items = [];

    public IReadOnlyList<Evidence> Items => _items;

    /// <summary>Adds a fact; one that is not known is left out.</summary>
    public EvidenceList Add(string what, JsonNode? value)
    {
        if (value is not null)
            _items.Add(new Evidence(what, value));
        return this;
    }

    public EvidenceList AddText(string what, string? text) => Add(what, text is { Length: > 0 } ? Texts.Clip(text, TextCharsMax) : null);

    public EvidenceList AddTime(string what, DateTimeOffset? time) => Add(what, WireTime.Text(time));

    public EvidenceList AddFailure(Failure? failure)
    {
        if (failure is null)
            return this;
        return Add("failure", new JsonObject
        {
            ["message"] = Texts.Clip(failure.Message, TextCharsMax),
            ["exception_type"] = failure.ExceptionType,
            ["origin"] = FailureJson.Word(failure.Origin),
            ["thrown_at"] = Frames(failure.Traceback),
        });
    }

    /// <summary>A question, its large parts left out.</summary>
    public EvidenceList AddWait(string what, WaitRecord? wait)
    {
        if (wait is null)
            return this;
        var json = wait.Status == WaitStatus.Pending ? WaitJson.Pending(wait)! : WaitJson.Full(wait);
        foreach (var (key, part) in json.ToList())
        {
            if (key == "question" && wait.Question is { } question)
                json[key] = Texts.Clip(question, TextCharsMax);
            else if (part is not null && KitaruJson.WriteBytes(part).Length > PartBytesMax)
                json[key] = new JsonObject { ["description"] = "large, left out: see kitaru_executions_get" };
        }
        return Add(what, json);
    }

    public EvidenceList AddCall(string what, CallRecord? call) => Add(what, call is null ? null : Of(call));

    public EvidenceList AddCalls(string what, IReadOnlyList<CallRecord> calls)
    {
        if (calls.Count == 0)
            return this;
        Add(what, new JsonArray([.. calls.Take(CallsMax).Select(Of)]));
        return calls.Count > CallsMax ? Add(what + "_left_out", calls.Count - CallsMax) : this;
    }

    public EvidenceList AddLines(string what, IReadOnlyList<LogEntry> lines) =>
        lines.Count == 0 ? this : Add(what, new JsonArray([.. lines.Select(line => (JsonNode)Texts.Clip(LogJson.Line(line), LineCharsMax))]));

    public EvidenceList AddWorkers(string what, IReadOnlyList<SeenWorker> workers) =>
        workers.Count == 0 ? this : Add(what, new JsonArray([.. workers.Take(CallsMax).Select(Of)]));

    public EvidenceList AddWorker(string what, SeenWorker? worker) => Add(what, worker is null ? null : Of(worker));

    private static JsonObject Of(SeenWorker worker) => new()
    {
        ["worker_id"] = worker.Worker.Id.ToString(),
        ["process_id"] = worker.Worker.Process.ProcessId,
        ["started_at"] = WireTime.Text(worker.Worker.StartedAt),
        ["last_seen_at"] = WireTime.Text(worker.SeenAt),
        ["process_is_gone"] = worker.IsGone,
    };

    private static JsonObject Of(CallRecord call)
    {
        var last = call.Attempts.Count > 0 ? call.Attempts[^1] : null;
        var json = new JsonObject
        {
            ["name"] = call.Name,
            ["call_id"] = call.Id.ToString(),
            ["attempt"] = call.Attempts.Count,
            ["started_at"] = WireTime.Text(last?.StartedAt ?? call.StartedAt),
            ["ended_at"] = WireTime.Text(last?.EndedAt ?? call.EndedAt),
        };
        if (call.Attempts.Count(attempt => attempt.Interrupted) is > 0 and var interrupted)
            json["interrupted_attempts"] = interrupted;
        if ((call.Failure ?? last?.Failure) is { } failure)
            json["failure"] = Texts.Clip(failure.Message, TextCharsMax);
        return json;
    }

    /// <summary>Where it was thrown: the user's own frames before all others.</summary>
    private static JsonArray Frames(string? traceback)
    {
        var frames = (traceback ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("at ", StringComparison.Ordinal)).ToList();
        var own = frames.Where(frame => !IsForeign(frame)).ToList();
        return [.. (own.Count > 0 ? own : frames).Take(FramesMax).Select(frame => (JsonNode)Texts.Clip(frame, LineCharsMax))];
    }

    private static bool IsForeign(string frame) =>
        frame.StartsWith("at System.", StringComparison.Ordinal) || frame.StartsWith("at Microsoft.", StringComparison.Ordinal)
        || frame.StartsWith("at Kitaru.", StringComparison.Ordinal);
}
