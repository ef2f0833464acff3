using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_explain.</summary>
internal static class ExplainTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_explain",
        Title = "Explain an execution",
        Description =
            "Says in words where one execution stands and what to do: call it first when one failed, does not get on, or is unclear. Answers situation, summary, evidence, and "
            + "next: calls to send as they are, best first; a text in angle brackets is for the user to fill in.",
        Hints = ToolHints.Read,
        Arguments = [ExecutionArguments.ExecId()],
        Output = ResultSchema.Object(
            "Where an execution stands.",
            ("exec_id", Shape.Text("Its id.")),
            ("flow_name", Shape.Text("The name of its flow.")),
            ("status", Shape.Words("Its status.", StatusWords.All)),
            ("situation", Shape.Words("What it is doing, or why it does nothing.", ExplanationJson.Situations)),
            ("summary", Shape.Text("One or two sentences for the user.")),
            ("evidence", Shape.List("What the summary rests on, the weightiest first.", Shape.Object(
                "One fact.",
                ("what", Shape.Text("Which fact.")),
                ("value", Shape.Any("Ids, times, names, texts."))))),
            ("next", Shape.List("Calls that make sense now, the best first.", Shape.Object(
                "One call.",
                ("tool", Shape.Text("The tool.")),
                ("arguments", Shape.Map("Its arguments, ready to be sent.")),
                ("why", Shape.Text("What it is good for.")))))),
        CallAsync = async (call, cancellationToken) =>
        {
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            return ToolAnswer.Of(ExplanationJson.Of(await kitaru.Executions.ExplainAsync(call.ExecutionId("exec_id"), cancellationToken)));
        },
    };
}
