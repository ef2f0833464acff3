using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Approvals;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_input.</summary>
internal static class InputTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_input",
        Title = "Answer a waiting execution",
        Description =
            "Answers the question of a waiting execution, which then continues by itself. First read its pending_wait (question and schema) and ask the "
            + "user: never make an answer up. A value that does not fit the schema is an error and the execution keeps waiting; a second, different answer is refused. Next: "
            + "kitaru_executions_get(exec_id, wait_seconds=50).",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: true),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Text("wait", "name or wait_id of pending_wait.", required: true, example: "approve_draft"),
            Argument.Any("value", "The JSON value the schema asks for, such as true or an object; not JSON in a string."),
        ],
        Output = ExecutionShapes.ChangedResult(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var id = call.ExecutionId("exec_id");
        var wait = call.Text("wait").Trim();
        if (wait.Length == 0)
            throw ArgumentCheck.Error("wait", "the name or id of a pending wait", call.Any("wait"), "approve_draft");
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var value = await FitAsync(kitaru, id, wait, call.Any("value"), cancellationToken);
        var by = AnsweredBy.Client(call.Caller);
        if (call.User is { } user)
        {
            if (await FindPendingAsync(kitaru, id, wait, cancellationToken) is var (execution, asked))
                (value, by) = (await user.AskAsync(execution, asked, value, cancellationToken), AnsweredBy.User(call.Caller));
            else
                user.RefuseLate(wait);
        }
        await kitaru.Waits.AnswerAsync(id, wait, value, by, cancellationToken);
        return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken);
    }

    private static async Task<(ExecutionRecord Execution, WaitRecord Wait)?> FindPendingAsync(IControlPlane kitaru, ExecutionId id, string wait, CancellationToken cancellationToken) =>
        await kitaru.Executions.FindAsync(id, cancellationToken) is { } execution && execution.PendingWaits.FirstOrDefault(pending => pending.Name == wait || pending.Id.ToString() == wait) is { } asked
            ? (execution, asked)
            : null;

    /// <summary>
    /// A client that sends an object as JSON text is understood, unless the wait takes text: then the text is the answer.
    /// </summary>
    private static async Task<JsonNode?> FitAsync(
        IControlPlane kitaru, ExecutionId id, string wait, JsonNode? value, CancellationToken cancellationToken)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String || !JsonText.TryDecode(value.GetValue<string>(), out var decoded))
            return value;
        var detail = await kitaru.Executions.GetAsync(id, cancellationToken);
        var asked = detail.Waits.FirstOrDefault(record => record.Name == wait || record.Id.ToString() == wait);
        return asked?.Schema is { } schema && JsonSchemaValidator.Validate(schema, value).Count == 0 ? value : decoded;
    }
}
