using System.Text.RegularExpressions;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>The compiler's messages out of a build tool's output.</summary>
internal static partial class BuildDiagnostics
{
    private const int ShownMax = 50;
    private const int LinesOfOutputMax = 20;

    /// <summary>The error that carries them.</summary>
    public static KitaruBuildException Failed(string what, ToolResult result, Func<string, string>? rename = null)
    {
        var errors = ErrorsIn(result.Output).Select(line => rename?.Invoke(line) ?? line).Distinct().ToList();
        if (errors.Count == 0)
            errors = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesOfOutputMax)];
        var shown = errors.Count <= ShownMax ? errors : [.. errors.Take(ShownMax), $"... and {errors.Count - ShownMax} more"];
        var count = errors.Count == 1 ? "1 error" : $"{errors.Count} errors";
        return new KitaruBuildException(
            $"'{Texts.Short(what)}' does not build, {count}:\n{string.Join('\n', shown)}",
            shown,
            "Correct the source and run the same target again.");
    }

    public static IEnumerable<string> ErrorsIn(string output) =>
        output.Split('\n').Where(line => ErrorLine().IsMatch(line)).Select(line => ProjectSuffix().Replace(line.Trim(), ""));

    public static bool HasError(string output, string id) => output.Contains($"error {id}:", StringComparison.Ordinal);

    [GeneratedRegex(@"(^|[:\s])error( [A-Za-z]+\d+)?\s?:", RegexOptions.NonBacktracking)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@" \[[^\]]*proj(::[^\]]*)?\]$")]
    private static partial Regex ProjectSuffix();
}
