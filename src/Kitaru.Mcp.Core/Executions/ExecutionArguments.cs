using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>Arguments that several tools share.</summary>
internal static class ExecutionArguments
{
    public static Argument ExecId() => Argument.Text(
        "exec_id", "The execution's id (UUID).", required: true,
        example: "0199c0de-0000-7000-8000-000000000000");

    public static Argument Status() => Argument.Words(
        "status", "Only in this status; running includes queued and sleeping.", StatusWords.All);

    public static Argument Flow() => Argument.Text("flow", "Only of the flow with this name.", example: "research_agent");

    public static Argument Stack(string description) => Argument.Text("stack", description, example: StackRecord.DefaultName);

    public static Argument Tags(string name, string description)
    {
        var tags = Argument.TextList(name, description, most: 64, example: "nightly");
        ((JsonObject)tags.Schema["items"]!)["maxLength"] = 128;
        return tags;
    }

    public static Argument WaitSeconds(string description) => Argument.Integer("wait_seconds", description, least: 0, most: 50, preset: 0);

    public static Argument Code(string description, string? preset = null) => Argument.Words("code", description, ["recorded", "current"], preset);

    /// <summary>Null when nothing was said.</summary>
    public static ExecutionCode? CodeOf(ToolCall call) => call.TextOrNull("code") switch
    {
        null => null,
        "current" => ExecutionCode.Current,
        _ => ExecutionCode.Recorded,
    };

    public static Argument StackFilter() => Stack("Only executions on the stack with this name or id, also one that is deleted by now.");

    /// <summary>Executions know their stack by name.</summary>
    public static async Task<string?> StackFilterOfAsync(ToolCall call, IControlPlane kitaru, CancellationToken cancellationToken) =>
        call.TextOrNull("stack")?.Trim() is { } text
            ? (await kitaru.Stacks.FindAsync(text, cancellationToken))?.Name ?? text
            : null;
}
