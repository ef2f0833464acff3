namespace Kitaru.UnitTests.Repository;

public class TextRulesTests
{
    [Fact]
    public void Repository_HoldsNoBannedWord() => TextRules.Check(Checkout.Files).ShouldBeEmpty();

    [Theory]
    [InlineData("src/A.cs", "// TO" + "DO: later")]
    [InlineData("docs/a.md", "FIX" + "ME")]
    [InlineData("src/A.cs", "throw new Not" + "ImplementedException();")]
    [InlineData("tests/A.cs", "Thread.Sl" + "eep(10);")]
    [InlineData("tests/A.cs", "[Fact(Sk" + "ip = \"flaky\")]")]
    [InlineData("eng/run", "cd /ho" + "me/ada/kitaru")]
    [InlineData("src/A.cs", "var root = \"/wo" + "rk/main\";")]
    [InlineData("docs/a.md", "C:" + @"\Users\ada")]
    [InlineData("AGENTS.md", "Clau" + "de reads this.")]
    public void BannedText_IsReported(string path, string line) =>
        TextRules.Check([new RepositoryFile(path, $"first\n{line}\n")]).ShouldHaveSingleItem().ShouldStartWith($"{path}:2:");

    [Theory]
    [InlineData("README.md", "clau" + "de mcp add kitaru")]
    [InlineData("src/A.cs", "items.Sk" + "ip(1)")]
    [InlineData("src/A.cs", "https://example.com/ho" + "me/ada")]
    public void FineText_IsNotReported(string path, string line) => TextRules.Check([new RepositoryFile(path, line)]).ShouldBeEmpty();
}
