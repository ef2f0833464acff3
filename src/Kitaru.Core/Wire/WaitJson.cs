using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>Waits on the wire (runtime.md 1.4).</summary>
public static class WaitJson
{
    /// <summary>wait_id, name, question, schema, metadata, entered_waiting_at; null for null.</summary>
    public static JsonObject? Pending(WaitRecord? wait) => wait is null ? null : new JsonObject
    {
        ["wait_id"] = wait.Id.ToString(),
        ["name"] = wait.Name,
        ["question"] = wait.Question,
        ["schema"] = wait.Schema?.DeepClone(),
        ["metadata"] = wait.Metadata.DeepClone(),
        ["entered_waiting_at"] = WireTime.Text(wait.EnteredAt),
    };

    /// <summary>A wait with its fate: name, question, status, answer, when and by whom.</summary>
    public static JsonObject Full(WaitRecord wait) => new()
    {
        ["wait_id"] = wait.Id.ToString(),
        ["name"] = wait.Name,
        ["question"] = wait.Question,
        ["status"] = Word(wait.Status),
        ["answer"] = Answer(wait),
        ["entered_waiting_at"] = WireTime.Text(wait.EnteredAt),
        ["resolved_at"] = WireTime.Text(wait.ResolvedAt),
        ["resolved_by"] = wait.ResolvedBy,
    };

    internal static string? Status(WaitRecord? wait) => wait is null ? null : Word(wait.Status);

    internal static JsonNode? Answer(WaitRecord? wait) =>
        wait?.Answer is { } answer ? ValueJson.Inline(answer, answer.Inline, readWith: null) : null;

    private static string Word(WaitStatus status) => status switch
    {
        WaitStatus.Pending => "pending",
        WaitStatus.Answered => "answered",
        _ => "aborted",
    };
}
