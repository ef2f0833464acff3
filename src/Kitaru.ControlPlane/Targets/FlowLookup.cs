using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.ControlPlane.Targets;

/// <summary>Finds the flow a target names: by flow name, by method name, or as <c>Class.Method</c>.</summary>
internal static class FlowLookup
{
    private const int ListedMax = 20;

    public static FlowDefinition Find(TargetReference target, FlowManifest manifest)
    {
        var flows = manifest.Flows;
        if (flows.Count == 0)
        {
            throw Error(target, $"'{Texts.Short(target.FullPath)}' has no flow: no method in it carries [Flow].",
                "Put [Flow] on a method of a class, for example: "
                + "public static class Research { [Flow] public static async Task<string> ResearchAgent(string topic) { ... } }", null);
        }
        var found = flows.Where(flow => flow.Name == target.Flow).ToList();
        if (found.Count == 0)
            found = [.. flows.Where(flow => flow.Method == target.Flow)];
        if (found.Count == 0)
            found = [.. flows.Where(flow => IsQualified(flow, target.Flow))];
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
        {
            throw Error(target, $"'{Texts.Short(target.Flow)}' names several flows: {string.Join(", ", found.Take(ListedMax).Select(Qualified))}.",
                $"Name one of them as Class.Method, for example {Path.GetFileName(target.FullPath)}:{Qualified(found[0])}.", null);
        }
        var nearest = Texts.Nearest(target.Flow, flows.SelectMany(flow => new[] { flow.Name, flow.Method }));
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        var more = flows.Count > ListedMax ? $" and {flows.Count - ListedMax} more" : "";
        var list = string.Join(", ", flows.Take(ListedMax).Select(flow => flow.Name)) + more;
        throw Error(target, $"'{Texts.Short(target.FullPath)}' has no flow '{Texts.Short(target.Flow)}'.{hint} Its flows: {list}.",
            "Name a flow by its name (snake_case), its method's name, or Class.Method.", nearest);
    }

    private static bool IsQualified(FlowDefinition flow, string text)
    {
        var full = Qualified(flow);
        return full == text || full.EndsWith("." + text, StringComparison.Ordinal);
    }

    private static string Qualified(FlowDefinition flow) => $"{flow.Type.Replace('+', '.')}.{flow.Method}";

    private static KitaruUsageException Error(TargetReference target, string message, string nextStep, string? nearest) => new(message, nextStep)
    {
        Details = new JsonObject { ["argument"] = "target", ["got"] = Texts.Short(target.Text), ["nearest"] = nearest },
    };
}
