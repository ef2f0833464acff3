using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane;

/// <summary>Calls that an explanation recommends, with their arguments filled in.</summary>
internal static class NextCalls
{
    /// <summary>Stands where only the user can decide.</summary>
    public const string AnswerPlaceholder = "<the user's answer>";

    private const int InputBytesMax = 4096;

    public static NextCall Follow(ExecutionRecord execution, string why) =>
        new("kitaru_executions_get", Arguments(execution, ("wait_seconds", 50)), why);

    public static NextCall Get(ExecutionRecord execution, string why) => new("kitaru_executions_get", Arguments(execution), why);

    public static NextCall Logs(ExecutionRecord execution, CallRecord? call, string why) =>
        new("get_execution_logs", call is null ? Arguments(execution, ("limit", 100)) : Arguments(execution, ("checkpoint", call.Name), ("limit", 100)), why);

    public static NextCall RunnerLogs(ExecutionRecord execution, string why) =>
        new("get_execution_logs", Arguments(execution, ("source", "runner")), why);

    public static NextCall Input(ExecutionRecord execution, WaitRecord wait)
    {
        var fits = wait.Schema is { } schema ? $"it must satisfy the wait's schema, for example {Texts.Short(KitaruJson.Write(SchemaExample.Of(schema)))}" : "any JSON value fits";
        return new(
            "kitaru_executions_input",
            Arguments(execution, ("wait", wait.Name), ("value", AnswerPlaceholder)),
            $"Show the question to the user and put their answer into value: {fits}. The execution then goes on by itself.");
    }

    public static NextCall AbortWait(ExecutionRecord execution, WaitRecord wait) => new(
        "kitaru_executions_abort_wait",
        Arguments(execution, ("wait", wait.Name)),
        "Only when the user does not want to answer: the flow sees WaitAbortedException there, and ends cancelled unless it catches it.");

    public static NextCall Resume(ExecutionRecord execution, string why) => new("kitaru_executions_resume", Arguments(execution), why);

    public static NextCall Cancel(ExecutionRecord execution, string why) => new("kitaru_executions_cancel", Arguments(execution), why);

    public static NextCall Status(string why) => new("kitaru_status", [], why);

    public static NextCall Retry(ExecutionRecord execution, string why) =>
        new("kitaru_executions_retry", Arguments(execution, ("code", "recorded")), why);

    public static NextCall RetryWithPresentCode(ExecutionRecord execution, string why) =>
        new("kitaru_executions_retry", Arguments(execution, ("code", "current")), why);

    public static NextCall Replay(ExecutionRecord execution, string from, string why) =>
        new("kitaru_executions_replay", Arguments(execution, ("from_", from)), why);

    public static NextCall Result(ExecutionRecord execution, string why) =>
        new("kitaru_artifacts_get", new JsonObject { ["artifact_id"] = ExecutionJson.ResultId(execution.Id) }, why);

    /// <summary>The same start again; null when it cannot be written down.</summary>
    public static NextCall? RunAnew(ExecutionRecord execution, string why)
    {
        if (execution.Target is not { } target || execution.Inputs.Inline is not { Length: <= InputBytesMax } bytes)
            return null;
        try
        {
            return KitaruJson.Parse(bytes) is JsonObject inputs
                ? new NextCall("kitaru_executions_run", new JsonObject { ["target"] = target, ["args"] = inputs }, why)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Arguments(ExecutionRecord execution, params (string Name, JsonNode Value)[] more)
    {
        var arguments = new JsonObject { ["exec_id"] = execution.Id.ToString() };
        foreach (var (name, value) in more)
            arguments[name] = value;
        return arguments;
    }
}
