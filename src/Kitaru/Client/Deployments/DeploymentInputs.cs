using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru.Client.Deployments;

/// <summary>Inputs of a deployment: defaults that are given at deploy, and the schema of what an invocation may give (platform.md 1.2 and 1.8).</summary>
internal static class DeploymentInputs
{
    /// <summary>The defaults keyed by the C# names. Not all inputs need one: what has none is required of every invocation.</summary>
    /// <exception cref="KitaruUsageException">A key is unknown, given twice or reserved, or a value does not fit.</exception>
    public static JsonObject Check(FlowDefinition flow, JsonObject? inputs)
    {
        foreach (var (key, _) in inputs ?? [])
        {
            if (DeploymentRules.ReservedInputs.Contains(SnakeCase.Of(key), StringComparer.Ordinal))
            {
                throw new KitaruUsageException(
                    $"The input '{Texts.Short(key, 80)}' cannot be given at deploy: the names {string.Join(", ", DeploymentRules.ReservedInputs)} are arguments of deploy itself.",
                    "Leave it out of inputs; to set what deploy calls so, use its own argument, and give the flow's input at invoke.")
                {
                    Details = new JsonObject { ["argument"] = $"inputs.{Texts.Short(key, 80)}", ["expected"] = "another name", ["got"] = Texts.Short(key, 80) },
                };
            }
        }
        return InputBinder.BindGiven(flow, inputs);
    }

    /// <summary>One property per parameter; a deploy-time value is its default, and it is required only without either default.</summary>
    public static JsonObject Schema(FlowDefinition flow, JsonObject defaults)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in flow.Parameters)
        {
            var property = parameter.Schema.DeepClone().AsObject();
            if (defaults.TryGetPropertyValue(parameter.Name, out var value))
                property["default"] = value?.DeepClone();
            else if (parameter.Required)
                required.Add((JsonNode)parameter.Name);
            properties[parameter.Name] = property;
        }
        var schema = new JsonObject
        {
            ["title"] = $"{flow.Name}DeploymentInput",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }
}
