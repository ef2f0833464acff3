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
            "Builds a flow from source or a built assembly, checks the inputs, starts one execution and answers with its exec_id, at once or after wait_seconds; it goes on in the background and "
            + "survives crashes. A failing build or check is an error and starts nothing. Next: kitaru_executions_get(exec_id, wait_seconds=50); when waiting, ask the user, then "
            + "kitaru_executions_input. Answer lost: kitaru_executions_latest before running again.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Needs = ToolNeeds.Sources,
        Arguments =
        [
            Argument.Text(
                "target",
                "<where>:<flow>. <where>: a .cs file, .csproj, directory, .dll or assembly name, relative to the server's working directory. <flow>: its name, its method's name, or "
                + "Class.Method.",
                required: true, example: "flows/Research.cs:research_agent"),
            Argument.Map("args", "The flow's inputs by parameter name.", new JsonObject { ["topic"] = "durable execution" }),
            ExecutionArguments.Stack(
                "Where to run, by name or id (kitaru_stacks_list); left out: as configured."),
            ExecutionArguments.Tags("tags", "Labels to find the execution by."),
            ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question, build included."),
        ],
        Output = ResultSchema.Object(
            "The execution that was started.",
            ("exec_id", Shape.Text("Its id.")),
            ("target", Shape.Text("The target as given.")),
            ("execution", Shape.OrNull(ExecutionShapes.Changed())),
            ("warning", Shape.OrNull(Shape.Text("What was asked for and has no effect, or why execution is null though the run has started."))))
            .With("$defs", ExecutionShapes.GistDefinitions()),
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
        return Answer(handle.Id, target, execution, warning);
    }

    /// <summary>What is answered of an execution that was started.</summary>
    public static ToolAnswer Answer(ExecutionId id, string target, JsonObject? execution, string? warning) => ToolAnswer.Of(new JsonObject
    {
        ["exec_id"] = id.ToString(),
        ["target"] = target,
        ["execution"] = execution,
        ["warning"] = warning,
    });
}
