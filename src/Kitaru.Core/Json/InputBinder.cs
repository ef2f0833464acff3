using System.Text.Json.Nodes;
using Kitaru.Core.Flows;

namespace Kitaru.Core.Json;

/// <summary>Turns the arguments of a call into a flow's inputs, or says everything that is wrong with them at once.</summary>
public static class InputBinder
{
    /// <summary>
    /// The inputs keyed by the C# parameters' names, in their order, defaults filled in. A key may be the C# name or its snake_case.
    /// </summary>
    /// <exception cref="KitaruUsageException">A key is unknown or given twice, a required input is missing, or a value does not fit.</exception>
    public static JsonObject Bind(FlowDefinition flow, JsonObject? args) => Bind(flow, args, presets: null);

    /// <summary>The same, with values for inputs that are not given; they are keyed by the C# names and were checked before.</summary>
    /// <inheritdoc cref="Bind(FlowDefinition, JsonObject?)"/>
    public static JsonObject Bind(FlowDefinition flow, JsonObject? args, JsonObject? presets)
    {
        var problems = new List<InputProblem>();
        var given = Match(flow, args ?? [], problems);
        var bound = new JsonObject();
        var missing = new List<FlowParameter>();
        foreach (var parameter in flow.Parameters)
        {
            if (given.TryGetValue(parameter.Name, out var value))
                bound[parameter.Name] = Checked(parameter, value, problems)?.DeepClone();
            else if (presets is not null && presets.TryGetPropertyValue(parameter.Name, out var kept))
                bound[parameter.Name] = kept?.DeepClone();
            else if (parameter.Required)
                missing.Add(parameter);
            else if (parameter.Schema.TryGetPropertyValue("default", out var preset))
                bound[parameter.Name] = preset?.DeepClone();
        }
        if (missing.Count > 0)
            problems.Insert(0, InputProblem.Missing(missing));
        return problems.Count == 0 ? bound : throw InputProblem.Error(flow, problems);
    }

    /// <summary>Those inputs that are given, keyed by the C# names in the parameters' order; the others may come later.</summary>
    /// <exception cref="KitaruUsageException">A key is unknown or given twice, or a value does not fit.</exception>
    public static JsonObject BindGiven(FlowDefinition flow, JsonObject? args)
    {
        var problems = new List<InputProblem>();
        var given = Match(flow, args ?? [], problems);
        var bound = new JsonObject();
        foreach (var parameter in flow.Parameters.Where(parameter => given.ContainsKey(parameter.Name)))
            bound[parameter.Name] = Checked(parameter, given[parameter.Name], problems)?.DeepClone();
        return problems.Count == 0 ? bound : throw InputProblem.Error(flow, problems);
    }

    private static Dictionary<string, JsonNode?> Match(FlowDefinition flow, JsonObject args, List<InputProblem> problems)
    {
        var exact = flow.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var snake = flow.Parameters
            .GroupBy(parameter => SnakeCase.Of(parameter.Name), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Name, StringComparer.Ordinal);
        var given = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, value) in args)
        {
            var name = exact.Contains(key) ? key : snake.GetValueOrDefault(key);
            if (name is null)
                problems.Add(InputProblem.Unknown(key, value, flow.Parameters));
            else if (!given.TryAdd(name, value))
                problems.Add(InputProblem.Twice(name, SnakeCase.Of(name)));
        }
        return given;
    }

    private static JsonNode? Checked(FlowParameter parameter, JsonNode? value, List<InputProblem> problems)
    {
        var errors = JsonSchemaValidator.Validate(parameter.Schema, value);
        if (errors.Count > 0)
            problems.Add(InputProblem.Misfit(parameter, value, errors));
        return value;
    }
}
