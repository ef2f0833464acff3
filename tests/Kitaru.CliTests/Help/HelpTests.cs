using System.CommandLine;
using Kitaru.Cli.Commands;

namespace Kitaru.CliTests.Help;

public class HelpTests
{
    public static TheoryData<string> Paths => [.. Commands.All.Where(command => !command.Hidden).Select(CommandPath.Of)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Help_OfEveryCommand_IsTheOneCheckedIn(string path)
    {
        await using var world = new CliWorld();
        var command = Commands.All.Single(command => CommandPath.Of(command) == path);

        var help = (await world.RunAsync([.. Commands.WordsOf(command), "--help"])).ShouldSucceed();

        help.Error.ShouldBeEmpty();
        SnapshotFile.ShouldMatch(help.Output, $"Snapshots/{path}.txt");
    }

    [Fact]
    public void Snapshots_OfCommandsThatAreGone_AreGone()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Snapshots");
        Directory.EnumerateFiles(folder).Select(Path.GetFileNameWithoutExtension).Except(Commands.All.Select(CommandPath.Of)).ShouldBeEmpty();
    }

    [Fact]
    public void Example_OfEveryCommand_IsACallOfIt()
    {
        foreach (var leaf in Commands.Leaves)
            leaf.Example.Split('\n')[^1].ShouldContain(leaf.Words, customMessage: leaf.Path);
    }

    [Fact]
    public void Path_OfEveryCommand_IsWhatIsTyped()
    {
        foreach (var leaf in Commands.Leaves)
            string.Join('.', Commands.WordsOf(leaf)).ShouldBe(leaf.Path);
    }

    [Fact]
    public async Task NoArguments_ShowHelp()
    {
        await using var world = new CliWorld();
        (await world.RunAsync()).ShouldSucceed().Output.ShouldContain("Commands:");
    }

    private static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
