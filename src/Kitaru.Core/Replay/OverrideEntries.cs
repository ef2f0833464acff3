using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>Reads one group of overrides in the later form (runtime.md 6.2): <c>{"lookup": {"output": …}}</c>.</summary>
public static class OverrideEntries
{
    private static readonly string[] Fields = ["input", "output", "model", "code"];

    /// <summary>Outputs by selector.</summary>
    /// <param name="group">What the caller gave, or null.</param>
    /// <param name="argument">The argument's name, for errors.</param>
    /// <exception cref="KitaruUsageException">An entry is not of this form.</exception>
    /// <exception cref="KitaruFeatureNotAvailableException">It asks for another input, model or code.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> Parse(JsonObject? group, string argument)
    {
        var outputs = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, value) in group ?? [])
        {
            var selector = key.Trim();
            if (selector.Length == 0)
                throw Error(argument, key, "the name is blank", "Name a checkpoint as in checkpoints of kitaru_executions_get.");
            if (value is not JsonObject entry)
                throw Error(argument, key, $"expected an object with output, got {JsonShape.Describe(value)}", Example(argument, selector));
            foreach (var (field, _) in entry)
            {
                if (!Fields.Contains(field, StringComparer.Ordinal))
                    throw Error(argument, key, $"there is no field '{Texts.Short(field, 80)}' (fields: {string.Join(", ", Fields)}).{Texts.DidYouMean(field, Fields)}", Example(argument, selector));
            }
            if (entry.ContainsKey("input") && entry.ContainsKey("output"))
                throw Error(argument, key, "input and output exclude each other", Example(argument, selector));
            ThrowIfNotOutput(argument, key, entry);
            if (!entry.TryGetPropertyValue("output", out var output))
                throw Error(argument, key, "it changes nothing", Example(argument, selector));
            if (!outputs.TryAdd(selector, output?.DeepClone()))
                throw Error(argument, key, $"'{Texts.Short(selector)}' is given twice", "Give each name one entry.");
        }
        return outputs;
    }

    private static void ThrowIfNotOutput(string argument, string key, JsonObject entry)
    {
        foreach (var (field, instead) in new[]
        {
            ("input", "A call's inputs come from the flow: change them with flow_overrides, or give the call before it another output."),
            ("model", "Change the model in the flow's source and replay with code=current, or make it an input of the flow and use flow_overrides."),
            ("code", "Change the flow's source and replay with code=current: the replay builds it."),
        })
        {
            if (entry.ContainsKey(field))
                throw new KitaruFeatureNotAvailableException($"{argument} '{Texts.Short(key)}': an override of '{field}' is not available; only 'output' is.", instead);
        }
    }

    private static string Example(string argument, string selector) =>
        $"Call again with {argument}={{\"{Texts.Short(selector, 80)}\": {{\"output\": …}}}}.";

    private static KitaruUsageException Error(string argument, string key, string why, string next) =>
        new($"{argument} '{Texts.Short(key)}' is not valid: {why.TrimEnd('.')}{(why.EndsWith('?') ? "" : ".")}", next)
        {
            Details = new JsonObject { ["argument"] = argument, ["got"] = Texts.Short(key) },
        };
}
