using System.Text.Json.Nodes;
using Kitaru.Core.Flows;

namespace Kitaru.Client.Settings;

/// <summary>The settings an execution was started with, as they are stored with it: nothing secret in them (runtime.md 1.8).</summary>
internal static class FrozenSpec
{
    /// <summary>The contract's word for a stack that nobody named.</summary>
    private const string FromActiveStack = "zenml_active_stack";

    public static JsonObject Of(FlowDefinition flow, ExecutionSettings resolved, string project, bool isActiveStack)
    {
        var spec = new JsonObject
        {
            ["version"] = 1,
            ["resolved_execution"] = Resolved(resolved),
            ["flow_defaults"] = Block(SettingsLayer.OfFlow(flow).Values, "server_url", "auth_token", "project"),
            ["connection"] = new JsonObject { ["server_url"] = null, ["auth_token"] = null, ["project"] = project },
            ["model_registry"] = null,
        };
        if (isActiveStack)
            spec["resolved_execution"]!["stack_source"] = FromActiveStack;
        return spec;
    }

    /// <summary>Of a run on the built-in stack for which nobody but the flow's attribute says anything.</summary>
    public static JsonObject OfFlowAlone(FlowDefinition flow)
    {
        var settings = SettingsLayer.OfFlow(flow).Values;
        return Of(flow, settings with { Stack = Core.StackRecord.DefaultName, Retries = settings.Retries ?? 0 }, Core.Project.DefaultName, isActiveStack: false);
    }

    public static JsonObject Resolved(ExecutionSettings settings) => Block(settings);

    /// <summary>What was resolved, read back. Hidden values stay hidden.</summary>
    public static ExecutionSettings Read(JsonObject? spec)
    {
        var block = spec?["resolved_execution"] as JsonObject;
        return new ExecutionSettings
        {
            Stack = (string?)block?["stack"],
            Image = block?["image"] is { } image ? ImageSettings.Parse(image) : null,
            Cache = (bool?)block?["cache"],
            Retries = (int?)block?["retries"],
        };
    }

    private static JsonObject Block(ExecutionSettings settings, params string[] others)
    {
        var block = new JsonObject
        {
            ["stack"] = settings.Stack,
            ["image"] = settings.Image?.Redacted().ToJson(),
            ["cache"] = settings.Cache,
            ["retries"] = settings.Retries,
        };
        foreach (var key in others)
            block[key] = null;
        return block;
    }
}
