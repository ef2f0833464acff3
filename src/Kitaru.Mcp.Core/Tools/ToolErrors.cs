using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Mcp.Tools;

/// <summary>Errors as results: what is wrong and what to do now, for a model to read; the same again as data.</summary>
internal static class ToolErrors
{
    private const int MessageCharsMax = 8000;
    private const int DiagnosticsMax = 20;

    /// <summary>An error with a type of its own.</summary>
    public static ToolAnswer Of(KitaruException fault)
    {
        var message = Texts.Clip(fault.Message, MessageCharsMax);
        var details = (JsonObject?)fault.Details?.DeepClone() ?? [];
        if (fault is KitaruBuildException { Diagnostics: { Count: > 0 } diagnostics })
        {
            List<string> shown = [.. diagnostics.Take(DiagnosticsMax).Select(line => Texts.Clip(line, 500))];
            details["diagnostics"] = new JsonArray([.. shown.Select(line => (JsonNode)line)]);
            var unsaid = shown.Where(line => !message.Contains(line, StringComparison.Ordinal)).ToList();
            if (unsaid.Count > 0)
                message += "\n" + string.Join('\n', unsaid);
        }
        return Answer(fault.Code, message, fault.NextStep, details);
    }

    /// <summary>Anything else: nothing of it leaves the process but the reference under which the details stand on stderr.</summary>
    public static ToolAnswer Unexpected(string tool, string reference) => Answer(
        "KitaruRuntimeError",
        $"{tool} failed in an unexpected way (reference {reference}).",
        "Try once more; if it fails again, look for the reference in the standard error of kitaru-mcp.",
        new JsonObject { ["reference"] = reference });

    private static ToolAnswer Answer(string type, string message, string? nextStep, JsonObject details) => new(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["type"] = type,
                ["message"] = message,
                ["next_step"] = nextStep,
                ["details"] = details,
            },
        },
        nextStep is null ? $"{type}: {message}" : $"{type}: {message}\nNext step: {nextStep}");
}
