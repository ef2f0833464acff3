using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Replay;

/// <summary>The schema of several replays in results.</summary>
internal static class SubmissionShapes
{
    public static JsonObject Result() => ResultSchema.Object(
        "The submission.",
        ("submission_id", Shape.OrNull(Shape.Text("Its id, also in the metadata of each replay; null for a dry run."))),
        ("tag", Shape.OrNull(Shape.Text("The label its replays carry."))),
        ("at", Shape.Text("The call each starts from.")),
        ("wait", Shape.Flag("Whether their ends were waited for.")),
        ("plan", Shape.Object("What is different.",
            ("flow_overrides", Shape.Map("Flow inputs.")),
            ("checkpoint_overrides", Shape.Map("Overrides of every call of a checkpoint.")),
            ("invocation_overrides", Shape.Map("Overrides of single calls.")),
            ("skip", Names("Calls to reuse.")),
            ("matched_targets", Shape.Map("checkpoint:<name> and invocation:<name> to the calls found.")))),
        ("results", Shape.List("The replays that were started.", Shape.Object("One replay.",
            ("original_exec_ref", Shape.Text("The execution as given.")),
            ("original_exec_id", Shape.Text("The execution.")),
            ("replay_exec_id", Shape.Text("The new execution.")),
            ("status", Shape.Words("submitted: it is queued, runs, or waits for input.", ["submitted", "completed", "failed"])),
            ("compare_url", Link())))),
        ("failures", Shape.List("Executions that could not be replayed.", Problem())),
        ("skipped", Shape.List("Executions that never made the call to start from.", Problem())),
        ("summary", Shape.Object("How many.",
            ("submitted", Shape.Integer("Replays that were started, ended or not.")),
            ("completed", Shape.Integer("Of these, completed.")),
            ("failed", Shape.Integer("Of these, failed; and executions that could not be replayed.")),
            ("skipped", Shape.Integer("Executions that were skipped.")))),
        ("compare_url", Link()),
        ("dry_run", Shape.Flag("Nothing was started.")),
        ("plans", Shape.List("With dry_run: what each replay would do.", Shape.Object("One plan.",
            ("original_exec_id", Shape.Text("The execution.")),
            ("from", Shape.Text("The call it would start from.")),
            ("counts", Shape.Map("How many calls, waits and sleeps: reused, overridden, run.")),
            ("overridden", Names("Calls whose output is given.")),
            ("run", Names("Calls that run again, waits that ask again."))))),
        ("warnings", Names("What is not as it was asked for.")),
        ("confirm", Shape.OrNull(Shape.Text("With dry_run: what does exactly this; null when there is nothing to do, or too much to copy."))),
        ("expires_at", Shape.OrNull(Shape.Time("Until when confirm is good."))),
        ("truncated", Shape.OrNull(Shape.Map("What was left out to keep the answer small."))));

    private static JsonObject Problem() => Shape.Object("One execution.",
        ("original_exec_ref", Shape.Text("The execution as given.")),
        ("original_exec_id", Shape.OrNull(Shape.Text("The execution; null when there is none."))),
        ("reason", Shape.Text("Why.")));

    private static JsonObject Link() => Shape.OrNull(Shape.Text("A page that compares them; null without a user interface."));

    private static JsonObject Names(string description) => Shape.List(description, new JsonObject { ["type"] = "string" });
}
