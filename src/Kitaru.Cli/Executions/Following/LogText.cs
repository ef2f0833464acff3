using System.Globalization;
using Kitaru.Core;

namespace Kitaru.Cli.Executions.Following;

/// <summary>Log lines for people (runtime.md 8.3): the message alone, with time and level, or with its origin as well.</summary>
internal static class LogText
{
    /// <summary>How much there is to show at most.</summary>
    public const int VerbosityMax = 2;

    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";
    private const string DefaultLevel = "INFO";
    private const int LevelWidth = 5;

    public static string Line(LogEntry entry, int verbosity)
    {
        if (verbosity <= 0)
            return entry.Message;
        var level = (entry.Level is { Length: > 0 } given ? given : DefaultLevel).ToUpperInvariant().PadRight(LevelWidth);
        var head = $"{entry.Timestamp.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture)} {level}";
        return verbosity == 1 ? $"{head} {entry.Message}" : $"{head} [{Origin(entry)}] {entry.Message}";
    }

    /// <summary>The line that stands above a checkpoint's lines when they are grouped.</summary>
    public static string Header(string group) => $"── {group} ──";

    /// <summary>The checkpoint it belongs to, the flow itself, or the worker.</summary>
    public static string Group(LogEntry entry) => entry switch
    {
        { Checkpoint.Length: > 0 } => entry.Checkpoint,
        { Source: "runner" } => "runner",
        _ => "flow",
    };

    private static string Origin(LogEntry entry) => entry switch
    {
        { Module.Length: > 0 } => entry.Module,
        { Checkpoint.Length: > 0 } => entry.Checkpoint,
        _ => "unknown",
    };
}
