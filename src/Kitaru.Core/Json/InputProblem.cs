using System.Text.Json.Nodes;
using Kitaru.Core.Flows;

namespace Kitaru.Core.Json;

/// <summary>One thing that is wrong with a flow's inputs: as a sentence, and as argument, expected, got, example, nearest.</summary>
internal sealed record InputProblem(string Sentence, JsonObject Details)
{
    public static InputProblem Missing(IReadOnlyList<FlowParameter> parameters)
    {
        var names = string.Join(", ", parameters.Select(parameter => $"'{parameter.Name}' ({Expected(parameter)})"));
        var noun = parameters.Count == 1 ? "input is" : "inputs are";
        return new($"Required {noun} missing: {names}.", new JsonObject
        {
            ["argument"] = parameters[0].Name,
            ["expected"] = Expected(parameters[0]),
            ["got"] = "nothing",
            ["example"] = SchemaExample.Of(parameters[0].Schema),
            ["missing"] = new JsonArray([.. parameters.Select(parameter => (JsonNode)parameter.Name)]),
        });
    }

    public static InputProblem Unknown(string key, JsonNode? value, IReadOnlyList<FlowParameter> parameters)
    {
        var names = parameters.Select(parameter => parameter.Name).ToList();
        var nearest = Texts.Nearest(key, names);
        var list = names.Count == 0 ? "The flow takes no inputs." : $"Inputs: {string.Join(", ", names)}.";
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return new($"There is no input '{Texts.Short(key)}'.{hint} {list}", new JsonObject
        {
            ["argument"] = Texts.Short(key),
            ["expected"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
            ["got"] = JsonShape.Describe(value),
            ["nearest"] = nearest,
        });
    }

    public static InputProblem Twice(string name, string snake) =>
        new($"The input '{name}' is given twice, as '{name}' and as '{snake}'.", new JsonObject
        {
            ["argument"] = name,
            ["expected"] = $"'{name}' or '{snake}', not both",
            ["got"] = "both",
        });

    public static InputProblem Misfit(FlowParameter parameter, JsonNode? value, IReadOnlyList<string> errors)
    {
        var example = SchemaExample.Of(parameter.Schema);
        return new($"The input '{parameter.Name}' does not fit: {string.Join("; ", errors)}. Example: {Texts.Short(KitaruJson.Write(example))}.", new JsonObject
        {
            ["argument"] = parameter.Name,
            ["expected"] = Expected(parameter),
            ["got"] = JsonShape.Describe(value),
            ["example"] = example,
            ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]),
        });
    }

    public static KitaruUsageException Error(FlowDefinition flow, IReadOnlyList<InputProblem> problems)
    {
        var example = new JsonObject();
        foreach (var parameter in flow.Parameters.Where(parameter => parameter.Required))
            example[parameter.Name] = SchemaExample.Of(parameter.Schema);
        var details = (JsonObject)problems[0].Details.DeepClone();
        details["flow"] = flow.Name;
        if (problems.Count > 1)
            details["problems"] = new JsonArray([.. problems.Select(problem => problem.Details.DeepClone())]);
        var sentences = string.Join(" ", problems.Take(JsonSchemaValidator.ErrorsMax).Select(problem => problem.Sentence));
        return new KitaruUsageException(
            $"The inputs do not fit the flow '{flow.Name}'. {sentences}",
            $"Call again with inputs such as {Texts.Short(KitaruJson.Write(example), 400)}.")
        {
            Details = details,
        };
    }

    private static string Expected(FlowParameter parameter)
    {
        if (parameter.Schema["enum"] is JsonArray choices)
            return "one of " + Texts.Short(string.Join(", ", choices.Select(KitaruJson.Write)), 200);
        return parameter.Schema["type"] is { } type ? SchemaExample.TypeWords(type) : "a JSON value";
    }
}
