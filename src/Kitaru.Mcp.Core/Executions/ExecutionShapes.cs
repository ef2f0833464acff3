using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Executions;

/// <summary>The schemas of executions in results, in the order of their keys.</summary>
internal static class ExecutionShapes
{
    /// <summary>What stands in every execution, whatever fields were asked for.</summary>
    private const string Always = "exec_id";

    /// <summary>The keys of the full form.</summary>
    public static IReadOnlyList<string> FullKeys { get; } = [.. Head().Concat(FullTail()).Select(member => member.Item1)];

    /// <summary>The keys of the short form.</summary>
    public static IReadOnlyList<string> SummaryKeys { get; } = [.. Head().Concat(SummaryTail()).Select(member => member.Item1)];

    /// <summary>A tool that answers one execution in full, or some fields of it.</summary>
    public static JsonObject FullResult() => ResultSchema.OrError(WithFields(Shape.Object("An execution.", [.. Head(), .. FullTail()])))
        .With("$defs", Definitions("failure", "wait", "artifact", "usage"));

    /// <summary>A tool that answers a page of summaries, or some fields of them.</summary>
    public static JsonObject SummaryPage() => ResultSchema
        .List("Executions, newest first.", WithFields(Shape.Object("An execution in short.", [.. Head(), .. SummaryTail()])))
        .With("$defs", Definitions("failure", "wait"));

    /// <summary>A tool that does something and then answers the execution, and perhaps more about it: every key is there, and one tool describes them all.</summary>
    public static JsonObject ChangedResult(params (string, JsonObject)[] more) =>
        ResultSchema.OrError(Shape.Object(InFull, [.. Gist(), .. more])).With("$defs", GistDefinitions());

    /// <summary>An execution in full as a part of something else.</summary>
    public static JsonObject Changed() => Shape.Object(InFull, [.. Gist()]);

    /// <summary>What <see cref="Changed"/> refers to.</summary>
    public static JsonObject GistDefinitions() => Definitions("failure", "wait");

    private const string InFull = "An execution in full; kitaru_executions_get describes its other keys.";

    private static IEnumerable<(string, JsonObject)> Gist() => Head().Where(member => member.Item1 is Always or "flow_name" or "status" or "status_reason" or "pending_wait" or "failure");

    private static JsonObject WithFields(JsonObject schema) => schema.With("required", new JsonArray(Always));

    private static JsonObject Definitions(params string[] names) => new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)(name switch
    {
        "failure" => Shape.Object("Why it failed.",
            ("message", Shape.Text("What happened.")),
            ("exception_type", TextOrNull("CLR type of the exception.")),
            ("traceback", TextOrNull("The exception with its stack.")),
            ("origin", Shape.Words("Who is to blame.", ["user_code", "runtime", "backend", "divergence", "unknown"]))),
        "wait" => Shape.Object("A question that waits for an answer.",
            ("wait_id", Shape.Text("Its id.")),
            ("name", Shape.Text("Its name: what kitaru_executions_input takes as wait.")),
            ("question", TextOrNull("What is asked.")),
            ("schema", Shape.OrNull(Shape.Map("JSON Schema the answer must satisfy; null for any value."))),
            ("metadata", Shape.Map("What the flow attached.")),
            ("entered_waiting_at", Shape.Time("When the flow asked."))),
        "artifact" => ArtifactRef(),
        _ => Shape.Map("One model call's tokens and cost."),
    }))));

    private static IEnumerable<(string, JsonObject)> Head() =>
    [
        ("exec_id", Shape.Text("Its id.")),
        ("flow_id", TextOrNull("The id of its flow.")),
        ("flow_name", TextOrNull("The name of its flow.")),
        ("status", Shape.Words("running (also queued and sleeping: see status_reason), waiting (for input), completed, failed or cancelled.", StatusWords.All)),
        ("started_at", TimeOrNull("When it started.")),
        ("ended_at", TimeOrNull("When it ended.")),
        ("stack_name", TextOrNull("The stack it runs on.")),
        ("status_reason", TextOrNull("Why it stands there, in words.")),
        ("pending_wait", Shape.OrNull(Shape.Reference("wait"))),
        ("failure", Shape.OrNull(Shape.Reference("failure"))),
        ("metadata", Shape.Map("What the flow recorded about itself, with its frozen execution spec.")),
        ("checkpoint_count", Shape.Integer("How many checkpoint calls it has made.")),
        ("artifact_count", Shape.Integer("How many artifacts it has.")),
        ("llm_usage_summary", Shape.OrNull(Shape.Map("Tokens and cost of its model calls."))),
    ];

    private static IEnumerable<(string, JsonObject)> SummaryTail() =>
    [
        ("tags", Tags()),
        ("created_at", Shape.Time("When it was created.")),
        ("target", TextOrNull("What was run.")),
    ];

    private static IEnumerable<(string, JsonObject)> FullTail() =>
    [
        ("frozen_execution_spec", Shape.OrNull(Shape.Map("The settings it was started with."))),
        ("original_exec_id", TextOrNull("The execution it replays.")),
        ("llm_usage_records", UsageRecords()),
        ("checkpoints", Shape.List("Its checkpoint calls in the order they were started.", Checkpoint())),
        ("artifacts", Shape.List("Its artifacts in the order they were stored.", Shape.Reference("artifact"))),
        ("inputs", Shape.Any("The flow's inputs; a large value as a preview with read_with.")),
        ("result", Shape.Any("What the flow returned; null until it completed; a large value as a preview with read_with.")),
        ("tags", Tags()),
        ("created_at", Shape.Time("When it was created.")),
        ("target", TextOrNull("What was run.")),
        ("snapshot_id", Shape.Text("The code it runs.")),
        ("pending_waits", Shape.List("All questions that wait for an answer, oldest first.", Shape.Reference("wait"))),
        ("waits", Shape.List("All questions with their answers, oldest first.", Wait())),
        ("retries_used", Shape.Integer("How often the whole flow was tried again.")),
        ("takeovers", Shape.Integer("How often another worker took over from one that died.")),
        ("reopened", Shape.Integer("How often it was retried after it had failed.")),
        ("deployment", Shape.OrNull(Shape.Object("The deployment it was invoked from; that may be deleted by now.",
            ("deployment_id", Shape.Text("Its id.")),
            ("version", Shape.Integer("Its version."))))),
        ("replay_plan", Shape.OrNull(Shape.Map("For a replay: what it reused, overrode and ran, call by call, and why."))),
        ("truncated", Shape.OrNull(Shape.Map("What was left out to keep the answer small, and how to read it; null when nothing was."))),
    ];

    private static JsonObject Checkpoint() => Shape.Object("One checkpoint call.",
        ("call_id", Shape.Text("Its id; its output is the artifact with this id.")),
        ("name", Shape.Text("The checkpoint's name, _2 and so on when it is called again.")),
        ("checkpoint_type", TextOrNull("llm_call, tool_call, memory_call or null.")),
        ("status", Shape.Words("Where it stands.", StatusWords.All)),
        ("started_at", TimeOrNull("When it was called.")),
        ("ended_at", TimeOrNull("When it ended.")),
        ("metadata", Shape.Map("What it recorded about itself.")),
        ("original_call_id", TextOrNull("The call it reuses.")),
        ("parent_call_ids", Shape.List("The calls it followed on.", new JsonObject { ["type"] = "string" })),
        ("failure", Shape.OrNull(Shape.Reference("failure"))),
        ("attempts", Shape.List("All attempts, oldest first.", Attempt())),
        ("artifacts", Shape.List("What it stored.", Shape.Reference("artifact"))),
        ("llm_usage_records", UsageRecords()));

    private static JsonObject Attempt() => Shape.Object("One attempt.",
        ("attempt_id", Shape.Text("Its id.")),
        ("status", Shape.Words("Where it stands.", StatusWords.All)),
        ("started_at", TimeOrNull("When it began.")),
        ("ended_at", TimeOrNull("When it ended.")),
        ("metadata", Shape.Map("What it recorded.")),
        ("failure", Shape.OrNull(Shape.Reference("failure"))),
        ("llm_usage_records", UsageRecords()),
        ("interrupted", Shape.Flag("It died with its worker; it does not count as a retry.")));

    private static JsonObject Wait() => Shape.Object("A question with its fate.",
        ("wait_id", Shape.Text("Its id.")),
        ("name", Shape.Text("Its name.")),
        ("question", TextOrNull("What was asked.")),
        ("status", Shape.Words("Where it stands.", ["pending", "answered", "aborted"])),
        ("answer", Shape.Any("The answer.")),
        ("entered_waiting_at", Shape.Time("When the flow asked.")),
        ("resolved_at", TimeOrNull("When it was answered or aborted.")),
        ("resolved_by", TextOrNull("Who did.")));

    /// <summary>Without its value.</summary>
    public static JsonObject ArtifactRef() => Shape.Object("A reference to a value.",
        [.. ArtifactHead(), ("media_type", Shape.Text("application/json, text/plain or application/octet-stream.")), ("size_bytes", Shape.Integer("Its size."))]);

    public static IEnumerable<(string, JsonObject)> ArtifactHead() =>
    [
        ("artifact_id", Shape.Text("Its id: what kitaru_artifacts_get takes.")),
        ("name", Shape.Text("Its name.")),
        ("kind", TextOrNull("prompt, response, context, input, output, blob or null.")),
        ("save_type", Shape.Text("step_output for what a checkpoint returned, manual for what a flow saved by name.")),
        ("producing_call", TextOrNull("The checkpoint call it came from.")),
        ("metadata", Shape.Map("Its metadata.")),
    ];

    private static JsonObject Tags() => Shape.List("Its labels.", new JsonObject { ["type"] = "string" });

    private static JsonObject UsageRecords() => Shape.List("Model calls.", Shape.Reference("usage"));

    private static JsonObject TextOrNull(string description) => Shape.OrNull(Shape.Text(description));

    private static JsonObject TimeOrNull(string description) => Shape.OrNull(Shape.Time(description));
}
