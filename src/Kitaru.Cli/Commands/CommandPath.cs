using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>What a command is called: dotted in JSON, in words for people.</summary>
internal static class CommandPath
{
    /// <summary>Dotted, such as <c>secrets.show</c>; the program's name for the program itself.</summary>
    public static string Of(Command command) => command is LeafCommand leaf ? leaf.Path : Words(command) is var words && words.Contains(' ') ? words[(words.IndexOf(' ') + 1)..].Replace(' ', '.') : words;

    /// <summary>As it is typed, such as <c>kitaru secrets show</c>.</summary>
    public static string Words(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Words(parent)} {command.Name}" : command is RootCommand ? Kitaru.Cli.CommandTree.ProgramName : command.Name;
}
