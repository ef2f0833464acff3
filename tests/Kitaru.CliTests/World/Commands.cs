using System.CommandLine;
using Kitaru.Cli;
using Kitaru.Cli.Commands;

namespace Kitaru.CliTests;

/// <summary>The commands there are.</summary>
internal static class Commands
{
    public static IReadOnlyList<Command> All { get; } = [.. Below(CommandTree.Create())];

    public static IEnumerable<LeafCommand> Leaves => All.OfType<LeafCommand>();

    public static string[] WordsOf(Command command) => CommandPath.Words(command).Split(' ')[1..];

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
}
