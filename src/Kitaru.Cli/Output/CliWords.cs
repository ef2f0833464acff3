using System.Text.RegularExpressions;

namespace Kitaru.Cli.Output;

/// <summary>Next steps are written once, in the library, in names of tools; here they become commands.</summary>
internal static partial class CliWords
{
    // The command, and which of the tool's arguments it takes without an option.
    private static readonly Dictionary<string, (string Command, string[] Positional)> Commands = new(StringComparer.Ordinal)
    {
        ["kitaru_status"] = ("kitaru status", []),
        ["kitaru_info"] = ("kitaru info", []),
        ["kitaru_start_local_server"] = ("kitaru login", []),
        ["kitaru_stop_local_server"] = ("kitaru server stop", []),
        ["kitaru_executions_run"] = ("kitaru run", ["target"]),
        ["kitaru_executions_list"] = ("kitaru executions list", []),
        ["kitaru_executions_get"] = ("kitaru executions get", ["exec_id"]),
        ["kitaru_executions_latest"] = ("kitaru executions latest", []),
        ["kitaru_executions_statistics"] = ("kitaru executions statistics", []),
        ["kitaru_executions_input"] = ("kitaru executions input", ["exec_id"]),
        ["kitaru_executions_cancel"] = ("kitaru executions cancel", ["exec_id"]),
        ["kitaru_executions_explain"] = ("kitaru executions explain", ["exec_id"]),
        ["kitaru_executions_retry"] = ("kitaru executions retry", ["exec_id"]),
        ["kitaru_executions_resume"] = ("kitaru executions resume", ["exec_id"]),
        ["kitaru_executions_replay"] = ("kitaru executions replay", ["exec_id"]),
        ["kitaru_executions_diff"] = ("kitaru executions diff", ["exec_id"]),
        ["kitaru_executions_tag"] = ("kitaru executions tag", ["exec_id"]),
        ["kitaru_executions_delete"] = ("kitaru executions delete", ["exec_id"]),
        ["kitaru_executions_abort_wait"] = ("kitaru executions input --abort", ["exec_id"]),
        ["get_execution_logs"] = ("kitaru executions logs", ["exec_id"]),
        ["kitaru_deployments_deploy"] = ("kitaru deploy", ["target"]),
        ["kitaru_deployments_invoke"] = ("kitaru invoke", ["flow"]),
        ["kitaru_deployments_list"] = ("kitaru flow deployments list", ["flow"]),
        ["kitaru_deployments_get"] = ("kitaru flow deployments show", ["flow"]),
        ["kitaru_deployments_tag"] = ("kitaru flow tag", ["flow", "tag"]),
        ["kitaru_deployments_untag"] = ("kitaru flow untag", ["flow", "tag"]),
        ["kitaru_deployments_delete"] = ("kitaru flow deployments delete", ["flow"]),
        ["kitaru_stacks_list"] = ("kitaru stack list", []),
        ["manage_stack"] = ("kitaru stack", ["action", "name"]),
        ["kitaru_secrets_list"] = ("kitaru secrets list", []),
        ["kitaru_secrets_create"] = ("kitaru secrets set", ["name"]),
    };

    /// <summary>The text as people at a command line say it.</summary>
    public static string Of(string text) => !text.Contains('_', StringComparison.Ordinal) && !text.Contains("=true", StringComparison.Ordinal)
        ? text
        : TrueArgument().Replace(ToolName().Replace(text, Command), match => "--" + match.Groups[1].Value.Replace('_', '-'));

    private static string Command(Match match)
    {
        if (!Commands.TryGetValue(match.Groups["tool"].Value, out var command))
            return match.Value;
        var given = match.Groups["arguments"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(argument => argument.Split('=', 2))
            .Where(argument => argument[0] is not "wait_seconds")
            .ToDictionary(argument => argument[0], argument => argument.Length == 2 ? argument[1].Trim('"') : null, StringComparer.Ordinal);
        List<string> words = [command.Command];
        words.AddRange(command.Positional.Where(given.ContainsKey).Select(name => given[name] is { } value && value is not ("…" or "...") ? value : name.ToUpperInvariant()));
        foreach (var (name, value) in given.Where(argument => !command.Positional.Contains(argument.Key)))
        {
            words.Add("--" + name.Trim('_').Replace('_', '-'));
            if (value is not "true")
                words.Add(value is null or "…" or "..." ? name.Trim('_').ToUpperInvariant() : value);
        }
        return string.Join(' ', words);
    }

    [GeneratedRegex(@"(?<![\w-])(?<tool>kitaru_[a-z_]+|get_execution_logs|manage_stack)(\((?<arguments>[^()]*)\))?")]
    private static partial Regex ToolName();

    [GeneratedRegex(@"(?<![\w-])([a-z_]+)=true(?!\w)")]
    private static partial Regex TrueArgument();
}
