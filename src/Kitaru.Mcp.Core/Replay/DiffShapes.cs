using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Replay;

/// <summary>The schemas of comparisons in results.</summary>
internal static class DiffShapes
{
    private static readonly JsonObject Name = new() { ["type"] = "string" };

    public static JsonObject Diff() => Shape.Object("An execution beside its replays.",
        ("original_exec_id", Shape.Text("The execution that was replayed.")),
        ("compared", Shape.List("One entry per replay.", Replay())),
        ("urls", Names("Pages that show it; empty without a user interface.")),
        ("warnings", Names("What was left out, and other things to know.")));

    private static JsonObject Replay() => Shape.Object("One replay.",
        ("replay_exec_id", Shape.Text("Its id.")),
        ("checkpoints", Shape.List("The calls of both sides, the original's first.", Call())),
        ("applied_output_overrides", Names("Calls whose output was given.")),
        ("status", Shape.Words("Where the replay stands.", StatusWords.All)),
        ("summary", Shape.Object("How many calls; all 0 but same means that it ran alike.",
            ("changed", Shape.Integer("On both sides, and not alike.")),
            ("added", Shape.Integer("In the replay only.")),
            ("removed", Shape.Integer("In the original only.")),
            ("same", Shape.Integer("Alike.")))),
        ("result_changed", Shape.Flag("The flow ended otherwise.")),
        ("result", Both("What the flow returned, or its failure, when that differs.")),
        ("inputs_changed", Names("Flow inputs that differ.")),
        ("inputs", Shape.Map("Their values: name to original and replay.")),
        ("waits_changed", Shape.List("Waits that were answered otherwise.", Shape.Object("A wait.",
            ("name", Shape.Text("Its name.")),
            ("status", Shape.Map("pending, answered, aborted, or null where there is none: original and replay.")),
            ("value", Shape.Map("The answers: original and replay."))))));

    private static JsonObject Call() => Shape.Object("One call.",
        ("name", Shape.Text("Its name.")),
        ("original_call_id", Shape.OrNull(Shape.Text("Its id in the original; null when only the replay has it."))),
        ("replay_call_id", Shape.OrNull(Shape.Text("Its id in the replay; null when only the original has it."))),
        ("status_match", Shape.Flag("It stands alike on both sides.")),
        ("duration_delta_ms", Shape.OrNull(Shape.Number("Milliseconds it took longer in the replay."))),
        ("token_delta", Shape.OrNull(Shape.Map("Tokens its model calls used more in the replay: prompt_tokens, completion_tokens, total_tokens."))),
        ("cost_delta_usd", Shape.OrNull(Shape.Number("What they cost more."))),
        ("artifact_hashes", Shape.Map("output and saved values by name: SHA-256 of original and replay, null when missing or unreadable.")),
        ("changed", Shape.Flag("Status, failure or a value differ; times and costs do not count.")),
        ("action", Shape.OrNull(Shape.Words("What the replay did with it.", ["reused", "overridden", "run"]))),
        ("value", Both("The output, when it differs; a large one as hash and size with read_with.")),
        ("failure", Both("Why it failed, when that differs.")));

    private static JsonObject Both(string description) => Shape.OrNull(Shape.Object(description,
        ("original", Shape.Any("The original's.")),
        ("replay", Shape.Any("The replay's."))));

    private static JsonObject Names(string description) => Shape.List(description, (JsonObject)Name.DeepClone());
}
