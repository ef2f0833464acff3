using System.Text;
using System.Text.RegularExpressions;

namespace Kitaru.CliTests.Runs;

/// <summary>From an empty folder to a deployed, invoked and replayed flow, in processes of their own, with no other command than those that help, hints and errors have named.</summary>
public partial class NewUserTests
{
    private readonly StringBuilder _read = new();

    [Fact]
    public async Task Walk_FromInitToAReplay_NeedsOnlyWhatTheProgramSays()
    {
        await using var world = new FlowWorld();
        (await CallAsync(world, "--help")).ShouldSucceed();
        _read.Replace("  init ", "  kitaru init ");
        (await CallAsync(world, "init")).ShouldSucceed();

        // The hint's own example, with the user's file and a slip of the finger.
        var slip = (await CallAsync(world, "run", $"{FlowWorld.Target}:gret")).ShouldFail();
        slip.Error.ShouldContain("greet");
        (await CallAsync(world, "run", $"{FlowWorld.Target}:greet")).ShouldFail().Error.ShouldContain("name");
        var run = (await CallAsync(world, "run", $"{FlowWorld.Target}:greet", "--input", """{"name": "tea"}""")).ShouldSucceed();
        run.Output.ShouldContain("\"hello tea\"");
        run.Error.ShouldContain("greeting tea");

        (await CallAsync(world, "deploy", $"{FlowWorld.Target}:greet")).ShouldSucceed().Output.ShouldContain("v1");
        (await CallAsync(world, "invoke", "gret")).ShouldFail().Error.ShouldContain("Did you mean 'greet'?");
        (await CallAsync(world, "invoke", "greet")).ShouldFail().Error.ShouldContain("name");
        var invoked = (await CallAsync(world, "invoke", "greet", "--input", """{"name": "coffee"}""")).ShouldSucceed();
        var id = Ids().Match(invoked.Output).Value;
        (await CallAsync(world, "executions", "logs", id, "--follow")).ShouldSucceed().Output.ShouldBe("greeting coffee\n[Execution completed successfully]\n");

        var replay = (await CallAsync(world, "executions", "replay", id, "--from", "hello")).ShouldSucceed();
        replay.Output.ShouldContain($"Replay of: {id}");
        (await CallAsync(world, "executions", "logs", Ids().Match(replay.Output).Value, "--follow")).ShouldSucceed();
        (await CallAsync(world, "executions", "diff", id)).ShouldSucceed().Output.ShouldContain("hello");
    }

    private async Task<CliResult> CallAsync(FlowWorld world, params string[] args)
    {
        var command = Commands.All.OrderByDescending(each => Commands.WordsOf(each).Length)
            .First(each => args.Take(Commands.WordsOf(each).Length).SequenceEqual(Commands.WordsOf(each)));
        if (Commands.WordsOf(command) is { Length: > 0 } words)
            _read.ToString().ShouldContain($"kitaru {string.Join(' ', words)}", customMessage: "nobody has named this command");
        var result = await CliProcess.RunAsync(world.Cli, args);
        _read.Append(result.Output).Append(result.Error);
        return result;
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
