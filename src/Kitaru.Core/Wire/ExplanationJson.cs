using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>Explanations on the wire.</summary>
public static class ExplanationJson
{
    /// <summary>All words for situations.</summary>
    public static IReadOnlyList<string> Situations { get; } = [.. Enum.GetValues<Situation>().Select(Word)];

    /// <summary>The word of a situation.</summary>
    public static string Word(Situation situation) => SnakeCase.Of(situation.ToString());

    /// <summary>exec_id, flow_name, status, situation, summary, evidence of what and value, next of tool, arguments and why.</summary>
    public static JsonObject Of(Explanation explanation) => new()
    {
        ["exec_id"] = explanation.ExecutionId.ToString(),
        ["flow_name"] = explanation.FlowName,
        ["status"] = StatusWords.Of(explanation.Status),
        ["situation"] = Word(explanation.Situation),
        ["summary"] = explanation.Summary,
        ["evidence"] = new JsonArray([.. explanation.Evidence.Select(item => new JsonObject
        {
            ["what"] = item.What,
            ["value"] = item.Value?.DeepClone(),
        })]),
        ["next"] = new JsonArray([.. explanation.Next.Select(call => new JsonObject
        {
            ["tool"] = call.Tool,
            ["arguments"] = call.Arguments.DeepClone(),
            ["why"] = call.Why,
        })]),
    };
}
