using System.Text.RegularExpressions;

namespace Kitaru.Cli.Output;

/// <summary>Next steps are written once, in the library, in names of tools; here they become commands.</summary>
internal static partial class CliWords
{
    /// <summary>The text as people at a command line say it.</summary>
    public static string Of(string text) => !text.Contains('_', StringComparison.Ordinal) && !text.Contains("=true", StringComparison.Ordinal)
        ? text
        : TrueArgument().Replace(ToolName().Replace(text, Command), match => "--" + match.Groups[1].Value.Replace('_', '-'));

    private static string Command(Match match)
    {
        var arguments = match.Groups["arguments"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Split('=', 2));
        return ToolCommands.Typed(match.Groups["tool"].Value, [.. arguments.Select(argument => (argument[0], argument.Length == 2 && argument[1] is not ("…" or "...") ? argument[1].Trim('"') : null))])
            ?? match.Value;
    }

    [GeneratedRegex(@"(?<![\w-])(?<tool>kitaru_[a-z_]+|get_execution_logs|manage_stack)(\((?<arguments>[^()]*)\))?")]
    private static partial Regex ToolName();

    [GeneratedRegex(@"(?<![\w-])([a-z_]+)=true(?!\w)")]
    private static partial Regex TrueArgument();
}
