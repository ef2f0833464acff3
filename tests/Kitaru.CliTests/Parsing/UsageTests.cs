namespace Kitaru.CliTests.Parsing;

public class UsageTests
{
    [Theory]
    [InlineData("secrts list", "kitaru has no command 'secrts'. Did you mean 'secrets'?")]
    [InlineData("secrets lst", "kitaru secrets has no command 'lst'. Did you mean 'list'?")]
    [InlineData("secrets show --shw-values x", "kitaru secrets show has no option '--shw-values'. Did you mean '--show-values'?")]
    [InlineData("secrets list --siez 4", "kitaru secrets list has no option '--siez'. Did you mean '--size'?")]
    [InlineData("secrets show", "kitaru secrets show: NAME_OR_ID is missing: The secret.")]
    [InlineData("secrets show a b", "kitaru secrets show takes no more arguments, got 'b'.")]
    [InlineData("secrets list --page 0", "--page: expected a whole number of at least 1, got 0.")]
    [InlineData("secrets list --page x", "--page: expected a whole number, got 'x'.")]
    [InlineData("secrets list --size", "--size needs a value: --size N.")]
    [InlineData("secrets list --output yaml", "--output: expected text or json, got 'yaml'.")]
    public async Task CommandLine_ThatIsWrong_IsSaidWithTheNearestRightOne(string line, string message)
    {
        await using var world = new CliWorld();

        var result = (await world.RunAsync(line.Split(' '))).ShouldFail(2);

        result.Error.ShouldStartWith($"Error: {message}\nSee kitaru");
    }

    [Fact]
    public async Task CommandLine_ThatIsWrong_WithJson_IsAnEnvelopeWithoutAType()
    {
        await using var world = new CliWorld();

        var result = (await world.RunAsync("secrets", "list", "--page", "x", "--output", "JSON")).ShouldFail(2);

        result.Error.ShouldBe("""{"command":"secrets.list","error":{"message":"--page: expected a whole number, got 'x'. See kitaru secrets list --help."}}""" + "\n");
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    public async Task Version_IsPrinted(string option)
    {
        await using var world = new CliWorld();
        (await world.RunAsync(option)).ShouldSucceed().Output.Trim().ShouldMatch(@"^\d+\.\d+\.\d+");
    }
}
