using System.Text.Json.Nodes;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Executions.Waits;

/// <summary>A pending question as people see it, and the command that answers it.</summary>
internal static class Question
{
    private const int CharsMax = 2000;

    public static string Words(WaitRecord wait) =>
        $"{Clean.Line(wait.Name)}: {Clean.Line(Texts.Clip(wait.Question is { Length: > 0 } asked ? asked : "The execution waits for input.", CharsMax))}";

    /// <summary>What an answer has to look like; null when anything will do.</summary>
    public static string? Schema(WaitRecord wait) => wait.Schema is { Count: > 0 } schema ? Clean.Line(Texts.Clip(KitaruJson.Write(schema), CharsMax)) : null;

    /// <summary>The command line, with an example of an answer that fits.</summary>
    public static string Command(WaitRecord wait)
    {
        JsonNode? example = wait.Schema is { } schema ? SchemaExample.Of(schema) : null;
        return $"kitaru executions input {wait.ExecutionId} --value '{Clean.Line(KitaruJson.Write(example)).Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
