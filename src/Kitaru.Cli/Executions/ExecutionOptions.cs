using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>Arguments and options that commands about executions share.</summary>
internal static class ExecutionOptions
{
    public static Argument<string> Id() => CommonOptions.Argument("EXEC_ID", "The execution's id: see kitaru executions list.");

    public static Option<string?> Status() => CommonOptions.Text("--status", "STATUS", $"Only executions in this status: {string.Join(", ", StatusWords.All)}.");

    public static Option<string?> Flow() => CommonOptions.Text("--flow", "FLOW", "Only executions of the flow with exactly this name.");

    public static Option<string?> Stack() => CommonOptions.Text("--stack", "STACK", "Only executions on this stack, by name or id.");

    public static Option<string[]> Tags() => CommonOptions.Texts("--tag", "TAG", "Only executions that carry this tag; given several times, all of them.");

    public static Option<string?> Code(string description) => CommonOptions.Text("--code", "recorded|current", description);

    public static Task<ExecutionId> IdOf(CommandCall call, Argument<string> id, CancellationToken cancellationToken) =>
        ExecutionIds.FindAsync(call.Client, call.Get(id), cancellationToken);

    /// <summary>The statuses behind the word; none when nothing was said.</summary>
    /// <exception cref="KitaruUsageException">There is no such word.</exception>
    public static IReadOnlyList<ExecutionStatus> StatusesOf(CommandCall call, Option<string?> option)
    {
        if (call.Get(option)?.Trim().ToLowerInvariant() is not { } word)
            return [];
        return StatusWords.Behind(word) is { Count: > 0 } statuses ? statuses : throw new KitaruUsageException(
            $"There is no status '{Texts.Short(word, 80)}'.{Texts.DidYouMean(word, StatusWords.All)} Statuses: {string.Join(", ", StatusWords.All)}.",
            "Call again with one of these.");
    }

    /// <summary>Executions know their stack by name.</summary>
    public static async Task<string?> StackOfAsync(CommandCall call, Option<string?> option, CancellationToken cancellationToken) =>
        call.Get(option)?.Trim() is { } text
            ? (await (await call.Client.OpenAsync(cancellationToken)).Stacks.FindAsync(text, cancellationToken))?.Name ?? text
            : null;

    /// <summary>Null when nothing was said.</summary>
    /// <exception cref="KitaruUsageException">There is no such word.</exception>
    public static ExecutionCode? CodeOf(CommandCall call, Option<string?> option) => call.Get(option)?.Trim().ToLowerInvariant() switch
    {
        null => null,
        "recorded" => ExecutionCode.Recorded,
        "current" => ExecutionCode.Current,
        var other => throw new KitaruUsageException(
            $"--code: expected recorded or current, got '{Texts.Short(other, 80)}'.{Texts.DidYouMean(other, ["recorded", "current"])}", "Call again with one of these."),
    };
}
