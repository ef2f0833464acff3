using System.CommandLine;
using Kitaru.Cli.Commands;

namespace Kitaru.Cli;

/// <summary>All commands, in the order in which help lists them. A new command is one file in its noun's folder and one line here.</summary>
internal sealed class CommandTree : RootCommand
{
    public const string ProgramName = "kitaru";

    private CommandTree()
        : base("Kitaru runs C# flows durably: every checkpoint is recorded, so that an execution survives crashes and can wait for days.")
    {
        Options.Clear();
        Directives.Clear();
        Options.Add(Help);
        Options.Add(Version);
    }

    public Option<bool> Help { get; } = new("--help", "-h", "-?") { Description = "Shows help.", Recursive = true };

    public Option<bool> Version { get; } = new("--version", "-V") { Description = "Shows the version." };

    public static CommandTree Create() =>
    [
        Group("secrets", "Values for flows, encrypted in the store.", Secrets.ListCommand.Create(), Secrets.ShowCommand.Create()),
    ];

    private static GroupCommand Group(string name, string description, params Command[] commands)
    {
        var group = new GroupCommand(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }
}
