namespace Kitaru.CliTests.Secrets;

public class SetTests
{
    [Fact]
    public async Task Value_FromStandardInput_IsStoredWithoutTheLastBreak()
    {
        await using var world = new CliWorld();

        (await world.RunWithInputAsync("sk-1\n", "secrets", "set", "openai", "--API_KEY=-")).ShouldSucceed();

        (await ValuesAsync(world)).ShouldBe("""{"API_KEY":"sk-1"}""");
    }

    [Fact]
    public async Task Values_FromFilesAndTheLine_AreStored()
    {
        await using var world = new CliWorld();
        world.Write("key.pem", "line 1\nline 2\n");

        (await world.RunAsync("secrets", "set", "openai", "--KEY=@key.pem", "--AT=@@home", "--WORD", "two", "--", "--LAST=3")).ShouldSucceed();

        (await ValuesAsync(world)).ShouldBe("""{"AT":"@home","KEY":"line 1\nline 2","LAST":"3","WORD":"two"}""");
    }

    [Fact]
    public async Task Set_OfASecretThatIsThere_ReplacesJustTheseKeys()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("secrets", "set", "openai", "--A=1", "--B=2", "--private", "-o", "json")).ShouldSucceed().Item["result"]!.ToString().ShouldBe("created");

        var again = (await world.RunAsync("secrets", "set", "openai", "--B=3", "-o", "json")).ShouldSucceed().Item;

        again["result"]!.ToString().ShouldBe("updated");
        again["visibility"]!.ToString().ShouldBe("private");
        (await ValuesAsync(world)).ShouldBe("""{"A":"1","B":"3"}""");
    }

    [Theory]
    [InlineData("geheim", "Value 1 has no key")]
    [InlineData("--KEY", "--KEY has no value.")]
    [InlineData("--KEY=", "--KEY has no value.")]
    [InlineData("--KEY=geheim --KEY=geheim", "--KEY is given twice.")]
    [InlineData("--KEY=- --OTHER=-", "standard input was read for another key already")]
    [InlineData("--KEY=@missing", "cannot be read")]
    [InlineData("--9=geheim", "must begin with a letter or _")]
    public async Task Set_OfWrongValues_IsRefusedWithoutRepeatingThem(string line, string message)
    {
        await using var world = new CliWorld();

        var result = (await world.RunWithInputAsync("geheim", ["secrets", "set", "openai", .. line.Split(' ')])).ShouldFail();

        result.Error.ShouldContain(message);
        result.Error.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task Show_HidesValuesUnlessAsked_AndOffersTheNearestName()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("secrets", "set", "openai", "--A=geheim")).ShouldSucceed();

        (await world.RunAsync("secrets", "show", "openai")).ShouldSucceed().Output.ShouldNotContain("geheim");
        (await world.RunAsync("secrets", "show", "openai", "--show-values")).ShouldSucceed().Output.ShouldContain("  A: geheim\n");
        (await world.RunAsync("secrets", "show", "opnai")).ShouldFail().Error.ShouldContain("Did you mean 'openai'?");
    }

    private static async Task<string> ValuesAsync(CliWorld world) =>
        (await world.RunAsync("secrets", "show", "openai", "--show-values", "-o", "json")).ShouldSucceed().Item["values"]!.ToJsonString(Kitaru.Core.Json.KitaruJson.Options);
}
