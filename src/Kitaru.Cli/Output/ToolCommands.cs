using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Output;

/// <summary>The command that does what a tool of kitaru-mcp does.</summary>
internal static class ToolCommands
{
    private static readonly Dictionary<string, Tool> Tools = new(StringComparer.Ordinal)
    {
        ["kitaru_executions_run"] = new("run", ["target"], ("args", "--input"), ("stack", "--stack")),
        ["kitaru_executions_list"] = new("executions list"),
        ["kitaru_executions_get"] = new("executions get", ["exec_id"]),
        ["kitaru_executions_latest"] = new("executions latest"),
        ["kitaru_executions_statistics"] = new("executions statistics"),
        ["kitaru_executions_cancel"] = new("executions cancel", ["exec_id"]),
        ["kitaru_executions_retry"] = new("executions retry", ["exec_id"]),
        ["kitaru_executions_resume"] = new("executions resume", ["exec_id"]),
        ["kitaru_executions_input"] = new("executions input", ["exec_id"]),
        ["kitaru_executions_abort_wait"] = new("executions input --abort", ["exec_id"]),
        ["kitaru_executions_replay"] = new("executions replay", ["exec_id"], ("from_", "--from"), ("flow_inputs", "--args")),
        ["kitaru_executions_diff"] = new("executions diff", ["original"], ("executions", "--replay")),
        ["kitaru_executions_explain"] = new("executions explain", ["exec_id"]),
        ["kitaru_executions_tag"] = new("executions tag", ["exec_id"]),
        ["kitaru_executions_delete"] = new("executions delete", ["exec_id"]),
        ["get_execution_logs"] = new("executions logs", ["exec_id"]),
        ["kitaru_deployments_deploy"] = new("deploy", ["target"], ("inputs", "--input")),
        ["kitaru_deployments_invoke"] = new("invoke", ["flow"], ("inputs", "--input")),
        ["kitaru_deployments_list"] = new("flow list"),
        ["kitaru_deployments_get"] = new("flow deployments show", ["flow"]),
        ["kitaru_deployments_delete"] = new("flow deployments delete", ["flow"]),
        ["kitaru_deployments_tag"] = new("flow tag", ["flow", "tag"]),
        ["kitaru_deployments_untag"] = new("flow untag", ["flow", "tag"]),
        ["kitaru_secrets_create"] = new("secrets set", ["name"]),
        ["kitaru_secrets_list"] = new("secrets list"),
        ["kitaru_stacks_list"] = new("stack list"),
        ["manage_stack"] = new("stack", ["action", "name"]),
        ["kitaru_status"] = new("status"),
        ["kitaru_info"] = new("info"),
        ["kitaru_start_local_server"] = new("login"),
        ["kitaru_stop_local_server"] = new("logout"),
    };

    /// <summary>Arguments that only shape a tool's answer.</summary>
    private static readonly string[] Dropped = ["wait_seconds", "idempotency_key"];

    /// <summary>The names of all tools that have a command.</summary>
    public static IReadOnlyCollection<string> Names => Tools.Keys;

    /// <summary>The command's words; null when no command does this.</summary>
    public static string? Words(string tool) => Tools.TryGetValue(tool, out var known) ? $"kitaru {known.Command}" : null;

    /// <summary>A command line that can be typed as it is; the tool's call when no command does this.</summary>
    public static string Of(string tool, JsonObject arguments)
    {
        if (!Tools.TryGetValue(tool, out var known))
            return $"{tool} {KitaruJson.Write(arguments)}";
        var line = new StringBuilder($"kitaru {known.Command}");
        foreach (var name in known.Positional.Where(arguments.ContainsKey))
            line.Append(' ').Append(Quoted(Text(arguments[name])));
        foreach (var (name, value) in arguments.Where(pair => !known.Positional.Contains(pair.Key) && !Dropped.Contains(pair.Key)))
            Append(line, known.OptionOf(name), value);
        return line.ToString();
    }

    /// <summary>The command as a next step says it, where an argument without a value stands for one the reader fills in; null when no command does this.</summary>
    public static string? Typed(string tool, IReadOnlyList<(string Name, string? Value)> arguments)
    {
        if (!Tools.TryGetValue(tool, out var known))
            return null;
        var line = new StringBuilder($"kitaru {known.Command}");
        foreach (var (name, value) in arguments.Where(argument => known.Positional.Contains(argument.Name)))
            line.Append(' ').Append(value ?? name.ToUpperInvariant());
        foreach (var (name, value) in arguments.Where(argument => !known.Positional.Contains(argument.Name) && !Dropped.Contains(argument.Name)))
            line.Append(' ').Append(known.OptionOf(name)).Append(value is "true" ? "" : $" {value ?? name.Trim('_').ToUpperInvariant()}");
        return line.ToString();
    }

    private static void Append(StringBuilder line, string option, JsonNode? value)
    {
        if (value is JsonArray items)
        {
            foreach (var item in items)
                line.Append(' ').Append(option).Append(' ').Append(Quoted(Text(item)));
        }
        else if (value?.GetValueKind() is JsonValueKind.True && option != "--value")
        {
            line.Append(' ').Append(option);
        }
        else if (value?.GetValueKind() is not JsonValueKind.False || option == "--value")
        {
            // The value of an answer is JSON, also when it is a text; anything else is typed as it is.
            line.Append(' ').Append(option).Append(' ').Append(Quoted(option == "--value" ? KitaruJson.Write(value) : Text(value)));
        }
    }

    private static string Text(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : KitaruJson.Write(value);

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(character => char.IsLetterOrDigit(character) || "-_./:@=,+".Contains(character, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private sealed record Tool(string Command, string[]? Arguments = null, params (string Argument, string Option)[] Renamed)
    {
        public string[] Positional => Arguments ?? [];

        public string OptionOf(string argument) =>
            Array.Find(Renamed, pair => pair.Argument == argument).Option ?? $"--{argument.Replace('_', '-')}";
    }
}
