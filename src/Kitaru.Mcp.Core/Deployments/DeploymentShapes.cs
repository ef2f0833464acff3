using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Deployments;

/// <summary>The schemas of deployments in results, in the order of their keys.</summary>
internal static class DeploymentShapes
{
    public static JsonObject Record() => Shape.Object("A deployment.", [.. Keys(isStored: true)]);

    public static JsonObject Result() => ResultSchema.OrError(Record());

    /// <summary>A deployment and what is said of it when it is made.</summary>
    public static JsonObject DeployResult() => ResultSchema.OrError(Shape.Object(
        "The new deployment, or with dry_run what it would be.",
        [
            .. Keys(isStored: false),
            ("dry_run", Shape.Flag("Nothing was stored.")),
            ("in_flight_count", Shape.Integer("How many executions of this flow have not ended and are on another version or other code; they go on as they are.")),
            ("in_flight", Shape.List("The newest of them.", Shape.Object("One execution.",
                ("exec_id", Shape.Text("Its id.")),
                ("status", Shape.Words("Where it stands.", StatusWords.All)),
                ("version", Shape.OrNull(Shape.Integer("The version it was invoked from; null for one started from source."))),
                ("snapshot_id", Shape.Text("The code it runs.")),
                ("would_replay", Shape.OrNull(Shape.Flag("Whether what it recorded fits the new code; null when that was not, or could not be, found out."))),
                ("why", Shape.OrNull(Shape.Text("What was found; null without dry_run.")))))),
            ("warning", Shape.OrNull(Shape.Text("What is not as it was asked for."))),
        ]));

    private static IEnumerable<(string, JsonObject)> Keys(bool isStored)
    {
        JsonObject Stored(JsonObject schema) => isStored ? schema : Shape.OrNull(schema);
        return
        [
            ("deployment_id", Stored(Shape.Text("Its id."))),
            ("flow", Shape.Text("The flow's name.")),
            ("version", Stored(Shape.Integer("Its number among the flow's deployments; never used again."))),
            ("tags", Shape.Map("Its tags: true for exclusive ones, false for shared ones.").With("additionalProperties", new JsonObject { ["type"] = "boolean" })),
            ("commit_sha", Shape.OrNull(Shape.Text("The commit of the source's git repository."))),
            ("commit_dirty", Shape.OrNull(Shape.Flag("Whether that had changes that were not committed."))),
            ("image_digest", Shape.OrNull(Shape.Text("The image it was built into; null where none is built."))),
            ("created_at", Shape.OrNull(Shape.Time("When it was made."))),
            ("schema", Shape.OrNull(Shape.Map("JSON Schema of inputs of kitaru_deployments_invoke; its defaults are the inputs given at deploy."))),
            ("stack", Shape.OrNull(Shape.Text("The stack its executions run on."))),
            ("inputs", Shape.Map("Inputs given at deploy; each invoke may override them.")),
            ("image", Shape.OrNull(Shape.Map("What its processes are made of, values that look secret hidden; null for nothing of its own."))),
            ("cache", Shape.OrNull(Shape.Flag("Whether checkpoints reuse results of other executions; null leaves it to each."))),
            ("retries", Shape.Integer("How often the whole flow is tried again after a failure.")),
            ("target", Shape.Text("What was deployed.")),
            ("snapshot_id", Shape.Text("Its compiled code; the same code has the same id.")),
        ];
    }
}
