using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>The commands of one noun. Alone it shows its help.</summary>
internal sealed class GroupCommand(string name, string description) : Command(name, description);
