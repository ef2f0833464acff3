using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Replay;

/// <summary>The schemas of replays in results.</summary>
internal static class ReplayShapes
{
    public static JsonObject Plan() => Shape.Object("What the replay does with each recorded call.",
        ("source", Shape.Text("The execution that is replayed.")),
        ("from", Shape.Text("The call it starts from.")),
        ("by", Shape.OrNull(Shape.Text("Who asked for it; null while it is only planned."))),
        ("counts", Shape.Object("How many.",
            ("reused", Shape.Integer("Calls, waits and sleeps whose recorded outcome is taken over.")),
            ("overridden", Shape.Integer("Calls whose output is given.")),
            ("run", Shape.Integer("Calls that run, waits that ask and sleeps that sleep again.")))),
        ("flow_inputs", Shape.List("Names of the flow inputs that differ.", new JsonObject { ["type"] = "string" })),
        ("matched", Shape.Map("Which calls each override means: selector to names.")),
        ("steps", Shape.List("In recorded order.", Step())));

    private static JsonObject Step() => Shape.Object("One call.",
        ("name", Shape.Text("Its name.")),
        ("kind", Shape.Words("What it is.", ["checkpoint", "wait", "sleep"])),
        ("call_id", Shape.Text("Its id in the source.")),
        ("seq", Shape.OrNull(Shape.Integer("Its place in the recorded order; null when it had not finished."))),
        ("action", Shape.Words("What happens.", ["reused", "overridden", "run"])),
        ("reason", Shape.Text("Why.")));
}
