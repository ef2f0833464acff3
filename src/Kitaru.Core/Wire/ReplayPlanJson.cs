using System.Globalization;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>A replay's plan as it is stored and shown.</summary>
public static class ReplayPlanJson
{
    /// <summary>source, from, counts, flow_inputs, matched, steps, and what the engine needs: root, clock_start, strict, inputs_differ.</summary>
    public static JsonObject Of(ReplayPlan plan) => new()
    {
        ["source"] = plan.Source.ToString(),
        ["from"] = plan.From,
        ["by"] = plan.By,
        ["counts"] = Counts(plan),
        ["flow_inputs"] = Names(plan.FlowInputs),
        ["matched"] = new JsonObject([.. plan.Matched.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Names(pair.Value)))]),
        ["steps"] = new JsonArray([.. plan.Steps.Select(Step)]),
        ["root"] = plan.Root.ToString(),
        ["clock_start"] = plan.ClockStart.ToString("O", CultureInfo.InvariantCulture),
        ["strict"] = plan.IsStrict,
        ["inputs_differ"] = plan.InputsDiffer,
    };

    /// <summary>The same without what only the engine needs.</summary>
    public static JsonObject Shown(ReplayPlan plan)
    {
        var json = Of(plan);
        json.Remove("root");
        json.Remove("clock_start");
        json.Remove("strict");
        json.Remove("inputs_differ");
        return json;
    }

    /// <summary>How many calls, waits and sleeps are reused, overridden and run.</summary>
    public static JsonObject Counts(ReplayPlan plan) => new(Enum.GetValues<ReplayAction>()
        .Select(action => KeyValuePair.Create(Word(action), (JsonNode?)plan.Steps.Count(step => step.Action == action))));

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    public static ReplayPlan Read(JsonObject json) => new()
    {
        Source = ExecutionId.Parse((string)json["source"]!),
        From = (string)json["from"]!,
        By = (string?)json["by"],
        FlowInputs = Texts(json["flow_inputs"]),
        Matched = json["matched"]!.AsObject().ToDictionary(pair => pair.Key, pair => Texts(pair.Value), StringComparer.Ordinal),
        Steps = [.. json["steps"]!.AsArray().Select(step => ReadStep(step!.AsObject()))],
        Root = ExecutionId.Parse((string)json["root"]!),
        ClockStart = DateTimeOffset.Parse((string)json["clock_start"]!, CultureInfo.InvariantCulture),
        IsStrict = (bool)json["strict"]!,
        InputsDiffer = (bool)json["inputs_differ"]!,
    };

    /// <summary>reused, overridden or run.</summary>
    public static string Word(ReplayAction action) => action switch
    {
        ReplayAction.Reused => "reused",
        ReplayAction.Overridden => "overridden",
        _ => "run",
    };

    private static JsonObject Step(ReplayStep step) => new()
    {
        ["name"] = step.Key,
        ["kind"] = KindWord(step.Kind),
        ["call_id"] = step.CallId.ToString(),
        ["seq"] = step.Seq,
        ["action"] = Word(step.Action),
        ["reason"] = step.Reason,
    };

    private static ReplayStep ReadStep(JsonObject json) => new(
        (string)json["name"]!,
        Enum.GetValues<JournalKind>().First(kind => KindWord(kind) == (string)json["kind"]!),
        new CallId(Guid.Parse((string)json["call_id"]!)),
        (long?)json["seq"],
        Enum.GetValues<ReplayAction>().First(action => Word(action) == (string)json["action"]!),
        (string)json["reason"]!);

    private static string KindWord(JournalKind kind) => kind switch
    {
        JournalKind.Checkpoint => "checkpoint",
        JournalKind.Wait => "wait",
        _ => "sleep",
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    private static IReadOnlyList<string> Texts(JsonNode? names) => [.. names!.AsArray().Select(name => (string)name!)];
}
