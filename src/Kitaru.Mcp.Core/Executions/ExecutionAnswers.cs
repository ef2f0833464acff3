using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>Executions as tools answer them.</summary>
internal static class ExecutionAnswers
{
    /// <summary>The full form, kept small.</summary>
    public static async Task<JsonObject> FullAsync(IControlPlane kitaru, ExecutionId id, CancellationToken cancellationToken)
    {
        var detail = await kitaru.Executions.GetAsync(id, cancellationToken);
        return ResultBudget.Fit(await ExecutionJson.FullAsync(detail, kitaru.Artifacts, cancellationToken));
    }

    /// <summary>The full form as a whole answer, or some fields of it.</summary>
    public static async Task<ToolAnswer> AnswerAsync(IControlPlane kitaru, ExecutionId id, CancellationToken cancellationToken, IReadOnlySet<string>? fields = null)
    {
        var detail = await kitaru.Executions.GetAsync(id, cancellationToken);
        var answer = ResultBudget.Answer(await ExecutionJson.FullAsync(detail, kitaru.Artifacts, cancellationToken));
        return fields is null ? answer : ToolAnswer.Of(ExecutionFields.Keep(answer.Structured, fields));
    }

    /// <summary>What a call answers of the execution it has started; that it cannot be read just now is no failure of the call.</summary>
    public static async Task<(JsonObject? Execution, string? Warning)> StartedAsync(ToolCall call, ExecutionHandle handle, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAsync(call, handle.Id, cancellationToken);
            return (await FullAsync(await call.Backend.OpenAsync(cancellationToken), handle.Id, cancellationToken), handle.Warning);
        }
        catch (KitaruException fault)
        {
            var warning = $"started, details unavailable: {Texts.Short(fault.Message, 400)}";
            return (null, handle.Warning is null ? warning : $"{handle.Warning} {warning}");
        }
    }

    /// <summary>
    /// Waits until the execution ends or asks for input, at most until the call has taken wait_seconds: what came before, such as a
    /// build, counts, because clients give up on a call as a whole.
    /// </summary>
    public static async Task WaitAsync(ToolCall call, ExecutionId id, CancellationToken cancellationToken)
    {
        var left = TimeSpan.FromSeconds(call.Integer("wait_seconds")) - call.Elapsed;
        if (left > TimeSpan.Zero)
            await new WaitProgress(call, id).WaitAsync(left, cancellationToken);
    }
}
