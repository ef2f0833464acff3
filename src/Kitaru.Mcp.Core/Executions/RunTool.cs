using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_run.</summary>
internal static class RunTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_run",
        Title = "Start an execution",
        Description =
            "Starts one execution of a flow and answers at once with its exec_id; the flow goes on in the background and survives crashes. "
            + "Use it to run a flow from source code or a built assembly. The target is built and the inputs are checked first: when that fails, the answer "
            + "is an error with the compiler's or validator's messages and nothing was started. "
            + "Next: follow it with kitaru_executions_get(exec_id, wait_seconds=50); when its status is waiting, ask the user and answer with kitaru_executions_input. "
            + "If the answer to this call gets lost, look at kitaru_executions_latest before running it again, or pass idempotency_key from the start.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Needs = ToolNeeds.Sources,
        Arguments =
        [
            Argument.Text(
                "target",
                "<where>:<flow>, split at the last colon. <where> is a .cs file, a .csproj, a directory, a .dll or an assembly name; a relative path is "
                + "taken from the server's working directory. <flow> is the flow's name (research_agent), its method's name, or Class.Method.",
                required: true, example: "flows/Research.cs:research_agent"),
            Argument.Map("args", "The flow's inputs by parameter name, as a JSON object.", new JsonObject { ["topic"] = "durable execution" }),
            ExecutionArguments.Stack(
                "The stack to run on, by name or id (kitaru_stacks_list); without it the flow's own, that of the project file kitaru.json, or the active one. "
                + "'default' is this machine."),
            ExecutionArguments.Tags("tags", "Labels to find the execution by: up to 64 of them, each of 1 to 128 characters. Later: kitaru_executions_tag."),
            ExecutionArguments.WaitSeconds("Wait until the call has taken this many seconds (0 to 50), the build included, and answer early when the execution ends or asks for input."),
        ],
        Output = ResultSchema.Object(
            "The execution that was started.",
            ("exec_id", Shape.Text("Its id.")),
            ("target", Shape.Text("The target as given.")),
            ("execution", Shape.OrNull(ExecutionShapes.Full())),
            ("warning", Shape.OrNull(Shape.Text("What was asked for and has no effect, or why execution is null though the run has started."))))
            .With("$defs", ExecutionShapes.Definitions()),
        StartsExecution = true,
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var target = call.Text("target");
        await call.Backend.OpenAsync(cancellationToken);
        var options = new RunOptions { Stack = call.TextOrNull("stack"), Tags = call.Texts("tags") };
        var handle = await call.Backend.Client.RunTargetAsync(target, call.MapOrNull("args"), options, call.Progress, cancellationToken);
        var (execution, warning) = await ExecutionAnswers.StartedAsync(call, handle, cancellationToken);
        return ToolAnswer.Of(new JsonObject
        {
            ["exec_id"] = handle.Id.ToString(),
            ["target"] = target,
            ["execution"] = execution,
            ["warning"] = warning,
        });
    }
}
