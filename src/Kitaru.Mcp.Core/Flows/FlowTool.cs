using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Deployments;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Flows;

/// <summary>A deployed flow as a tool of its own: a call of it is one of kitaru_deployments_invoke, in every respect.</summary>
internal static class FlowTool
{
    private const int SummaryCharsMax = 400;
    private const string Key = "idempotency_key";
    private const string Seconds = "wait_seconds";

    /// <summary>The tool, or why there is none.</summary>
    /// <param name="deployment">The version that its tag leads to.</param>
    /// <param name="summary">What its author says of the flow.</param>
    public static (KitaruTool? Tool, string? Why) Of(DeploymentRecord deployment, string? summary)
    {
        var (inputs, why) = FlowToolInputs.Read(deployment.Schema);
        if (why is not null)
            return (null, why);
        var name = FlowToolInputs.Clean(deployment.Flow, 80);
        return (new KitaruTool
        {
            Name = FlowToolName.Of(deployment.Flow),
            Title = $"Deployed flow {name}",
            Description =
                $"Starts one execution of the deployed flow {name} (version {deployment.Version}) and answers with its exec_id, as {InvokeTool.ToolName} does; inputs left out are as deployed. "
                + (string.IsNullOrWhiteSpace(summary) ? "" : $"Its author says: \"{FlowToolInputs.Clean(summary, SummaryCharsMax)}\" ")
                + "Next: kitaru_executions_get(exec_id, wait_seconds=50); when waiting, kitaru_executions_input.",
            Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
            Toolset = Toolsets.Flows,
            Arguments = [.. inputs, .. Own(inputs)],
            Output = InvokeTool.Output(),
            CallAsync = (_, _) => throw new InvalidOperationException("It stands for another tool."),
            StandIn = arguments => Invoke(deployment.Flow, inputs, arguments),
        }, null);
    }

    /// <summary>Ours behind the flow's; an input of the same name is the flow's.</summary>
    private static IEnumerable<Argument> Own(IReadOnlyList<Argument> inputs) =>
        new[] { ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question."), Argument.Text(Key, "Repeated under one key, starts nothing more.", example: "nightly-2026-06-16") }
            .Where(argument => inputs.All(input => input.Name != argument.Name));

    private static JsonObject Invoke(string flow, IReadOnlyList<Argument> inputs, JsonObject arguments)
    {
        var given = inputs.Where(input => arguments.ContainsKey(input.Name)).ToDictionary(input => input.Name, input => Decode(input, arguments[input.Name]));
        var call = new JsonObject { ["flow"] = flow, ["tag"] = FlowTools.Tag, ["inputs"] = new JsonObject(given), [Seconds] = 0 };
        foreach (var name in new[] { Seconds, Key })
        {
            if (!given.ContainsKey(name) && arguments[name] is { } value)
                call[name] = value.DeepClone();
        }
        return call;
    }

    /// <summary>Some clients send objects and lists as JSON text.</summary>
    private static JsonNode? Decode(Argument input, JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String && input.Shown!["type"] is JsonValue type && type.ToString() is "object" or "array" && JsonText.TryDecode(value!.GetValue<string>(), out var decoded)
            ? decoded?.DeepClone()
            : value?.DeepClone();
}
