using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Tasks;

/// <summary>
/// A task is an execution: nothing else is stored of it. Its id says which one, and in which form the call that started it answers, such as <c>run.0199c0de-…</c>.
/// </summary>
/// <param name="Kind">The form of the answer.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Version">The version of the deployment that was asked for.</param>
/// <param name="Tag">The tag of the deployment that was asked for.</param>
internal sealed record TaskId(TaskKind Kind, ExecutionId Execution, int? Version = null, string? Tag = null)
{
    private const int CharsMax = 600;

    /// <summary>The task of a call that answered this; null when the call started nothing.</summary>
    public static TaskId? Of(JsonObject answer)
    {
        if (answer["execution"] is not JsonObject execution || !ExecutionId.TryParse(execution["exec_id"]?.ToString(), out var id))
            return null;
        if (answer["selector"] is JsonObject selector)
            return new TaskId(TaskKind.Invoke, id, (int?)selector["version"], (string?)selector["tag"]);
        return answer["operation"]?.ToString() == "replay" ? new TaskId(TaskKind.Replay, id) : answer.ContainsKey("target") ? new TaskId(TaskKind.Run, id) : null;
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out TaskId? id)
    {
        id = null;
        if (text is null || text.Length > CharsMax || text.Split('.') is not [var word, var execution, .. var selector] || !Guid.TryParseExact(execution, "D", out var value))
            return false;
        id = (word, selector) switch
        {
            ("run", []) => new TaskId(TaskKind.Run, new ExecutionId(value)),
            ("replay", []) => new TaskId(TaskKind.Replay, new ExecutionId(value)),
            ("invoke", ["version", var version]) when int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                new TaskId(TaskKind.Invoke, new ExecutionId(value), Version: number),
            ("invoke", ["tag", var tag]) => new TaskId(TaskKind.Invoke, new ExecutionId(value), Tag: Decoded(tag)),
            _ => null,
        };
        return id is not null;
    }

    public override string ToString() => Kind switch
    {
        TaskKind.Run => $"run.{Execution}",
        TaskKind.Replay => $"replay.{Execution}",
        _ when Version is { } version => string.Create(CultureInfo.InvariantCulture, $"invoke.{Execution}.version.{version}"),
        _ => $"invoke.{Execution}.tag.{Encoded(Tag ?? "")}",
    };

    // Dots separate, and ids stand in headers.
    private static string Encoded(string tag) => Uri.EscapeDataString(tag).Replace(".", "%2E", StringComparison.Ordinal);

    private static string Decoded(string text) => Uri.UnescapeDataString(text);
}

/// <summary>In which form a call answers the execution that it started.</summary>
internal enum TaskKind
{
    /// <summary>That of kitaru_executions_run.</summary>
    Run,

    /// <summary>That of kitaru_deployments_invoke.</summary>
    Invoke,

    /// <summary>That of kitaru_executions_replay.</summary>
    Replay,
}
