using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Reads the overrides of a replay as callers write them (runtime.md 6.1).</summary>
public static class ReplayOverrides
{
    private const string CheckpointPrefix = "checkpoint.";
    private const string WaitPrefix = "wait.";

    /// <summary>From <c>{"checkpoint.classify": "urgent"}</c> to values by selector.</summary>
    /// <exception cref="KitaruUsageException">A key names no checkpoint, or a wait.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> Parse(JsonObject? overrides)
    {
        var outputs = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, value) in overrides ?? [])
        {
            if (key.StartsWith(WaitPrefix, StringComparison.Ordinal))
            {
                throw Error(key, "a wait's answer cannot be overridden: a wait in the replayed part asks again",
                    "Leave it out, start the replay, and answer the question with kitaru_executions_input.");
            }
            var selector = key.StartsWith(CheckpointPrefix, StringComparison.Ordinal) ? key[CheckpointPrefix.Length..].Trim() : "";
            if (selector.Length == 0)
            {
                throw Error(key, "expected 'checkpoint.' followed by a call's name or call id",
                    "Write for example {\"checkpoint.classify\": \"urgent\"}; the names are in checkpoints of kitaru_executions_get.");
            }
            if (!outputs.TryAdd(selector, value))
                throw Error(key, $"'{Texts.Short(selector)}' is given twice", "Give each call one value.");
        }
        return outputs;
    }

    private static KitaruUsageException Error(string key, string why, string next) =>
        new($"The override '{Texts.Short(key)}' is not valid: {why}.", next) { Details = new JsonObject { ["argument"] = "overrides", ["got"] = Texts.Short(key) } };
}
