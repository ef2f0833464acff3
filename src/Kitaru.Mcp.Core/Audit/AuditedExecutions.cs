using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Audit;

/// <summary>Which executions a call has changed or started.</summary>
internal static class AuditedExecutions
{
    public static IReadOnlySet<ExecutionId> Of(JsonObject arguments, JsonObject answer)
    {
        var ids = new HashSet<ExecutionId>();
        // A replay changes nothing in the execution it replays, but it belongs to its history.
        Add(arguments["exec_id"]);
        Add(answer["exec_id"]);
        Add((answer["execution"] as JsonObject)?["exec_id"]);
        foreach (var result in answer["results"] as JsonArray ?? [])
        {
            if (result is JsonObject one && one["outcome"]?.ToString() != "skipped")
            {
                Add(one["exec_id"]);
                Add(one["replay_exec_id"]);
                Add(one["original_exec_id"]);
            }
        }
        return ids;

        void Add(JsonNode? text)
        {
            if (text is JsonValue && ExecutionId.TryParse(text.ToString(), out var id))
                ids.Add(id);
        }
    }
}
