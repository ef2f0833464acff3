using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions;
using Kitaru.Cli.Flows;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Runs;

/// <summary>kitaru invoke.</summary>
internal static class InvokeCommand
{
    public static LeafCommand Create()
    {
        var (flow, selector) = (FlowOptions.Flow(), new Selector());
        var input = JsonOption.Create("--input", "Inputs by parameter name, over those given at deploy.");
        var tags = CommonOptions.Texts("--execution-tag", "TAG", "A label to find the execution by.");
        return new LeafCommand("invoke", "Starts an execution of a deployed flow, by version or tag, and returns at once.", "kitaru invoke research_agent --input '{\"topic\": \"tea\"}'", async (call, cancellationToken) =>
        {
            var (name, version, tag) = (call.Get(flow).Trim(), selector.VersionOf(call), selector.TagOf(call));
            DeploymentRules.CheckSelector(version, tag);
            var (inputs, options) = (JsonOption.ObjectOf(call, input), new InvokeOptions { Tags = call.Get(tags) ?? [] });
            await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
            var handle = version is null && tag is null
                ? await call.Client.Deployments.InvokeDefaultAsync(name, inputs, options, cancellationToken)
                : await call.Client.Deployments.InvokeAsync(name, version, tag, inputs, options, cancellationToken);
            await stack.HandOverAsync(handle.Id);
            var (execution, warning) = await ReadAsync(call, handle, cancellationToken);
            var chosen = version is { } number ? $"version {number}" : $"tag {tag ?? DeploymentRules.DefaultTag}";
            return Answer.Item(InvocationJson.Of(handle.Id, name, version, tag, execution, warning), new Success($"Invoked {name} ({chosen}).", $"Execution ID: {handle.Id}")) with
            {
                Warnings = warning is null ? [] : [warning],
                Hints = [$"kitaru executions logs {handle.Id} --follow"],
            };
        })
        {
            flow,
            selector.Version,
            selector.Tag,
            input,
            tags,
        };
    }

    /// <summary>That it cannot be read just now is no failure: it was started.</summary>
    private static async Task<(JsonObject? Execution, string? Warning)> ReadAsync(CommandCall call, ExecutionHandle handle, CancellationToken cancellationToken)
    {
        try
        {
            return ((JsonObject)(await ExecutionAnswers.FullAsync(call, handle.Id, cancellationToken)).Json!, handle.Warning);
        }
        catch (KitaruException fault)
        {
            return (null, $"started, details unavailable: {Texts.Short(fault.Message, 400)}");
        }
    }
}
