using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_resume.</summary>
internal static class ResumeTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_resume",
        Title = "Resume an execution",
        Description =
            "Lets an execution that was put back for later go on now. Rarely needed: answered questions, sleeps that are over and dead workers continue it by themselves. Nothing "
            + "to resume: a warning says why. Answers the execution in full.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: true),
        Arguments = [ExecutionArguments.ExecId()],
        Output = ExecutionShapes.ChangedResult(("warning", Shape.OrNull(Shape.Text("Why there was nothing to resume; null when it was resumed.")))),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            var resumed = await kitaru.Executions.ResumeAsync(id, call.Caller, cancellationToken);
            var answer = await ExecutionAnswers.FullAsync(kitaru, id, cancellationToken);
            answer["warning"] = resumed ? null : Warning(await kitaru.Executions.FindAsync(id, cancellationToken));
            return ToolAnswer.Of(answer);
        },
    };

    private static string Warning(ExecutionRecord? execution) => "There was nothing to resume: " + execution switch
    {
        { Status: ExecutionStatus.Running } => "the execution is running.",
        { Status: ExecutionStatus.Queued } => "the execution is ready and goes on as soon as a worker takes it.",
        { Status: ExecutionStatus.Sleeping, RunnableAt: { } until } => $"the execution sleeps until {WireTime.Text(until)}, which cannot be cut short, and then goes on by itself.",
        { Status: ExecutionStatus.Waiting } => "the execution asks for input meanwhile; answer it with kitaru_executions_input.",
        _ => "the execution has ended meanwhile.",
    };
}
