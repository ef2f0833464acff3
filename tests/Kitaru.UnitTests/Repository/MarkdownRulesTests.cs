namespace Kitaru.UnitTests.Repository;

public class MarkdownRulesTests
{
    private static readonly RepositoryFile Type = new("src/A/Store.cs", "public sealed class Store { public void Open() { } }");

    [Fact]
    public void Repository_LinksLeadSomewhere() => MarkdownRules.CheckLinks(Checkout.Files).ShouldBeEmpty();

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("AGENTS.md")]
    public void Repository_NamesPathsThatExist(string path) => MarkdownRules.CheckPaths(Page(path), Checkout.Files).ShouldBeEmpty();

    [Fact]
    public void Repository_Architecture_NamesTypesThatExist() => MarkdownRules.CheckTypes(Page("ARCHITECTURE.md"), Checkout.Files).ShouldBeEmpty();

    [Theory]
    [InlineData("[a](b.md)")]
    [InlineData("[a](../other/c.md)")]
    [InlineData("[a](#nothing)")]
    [InlineData("[a](../README.md#nothing)")]
    public void Link_ThatLeadsNowhere_IsReported(string link) =>
        MarkdownRules.CheckLinks([new RepositoryFile("docs/a.md", $"# Title\n{link}\n"), new RepositoryFile("README.md", "# Read me")])
            .ShouldHaveSingleItem().ShouldStartWith("docs/a.md:2:");

    [Theory]
    [InlineData("[a](../README.md)")]
    [InlineData("[a](../README.md#read-me)")]
    [InlineData("[a](#title)")]
    [InlineData("[a](../docs)")]
    [InlineData("[a](https://example.com)")]
    public void Link_ThatLeadsSomewhere_IsFine(string link) =>
        MarkdownRules.CheckLinks([new RepositoryFile("docs/a.md", $"# Title\n{link}\n"), new RepositoryFile("README.md", "# Read me")]).ShouldBeEmpty();

    [Theory]
    [InlineData("`Shop`")]
    [InlineData("`Store.Close`")]
    public void Type_ThatIsNotThere_IsReported(string name) =>
        MarkdownRules.CheckTypes(new RepositoryFile("ARCHITECTURE.md", name), [Type]).ShouldHaveSingleItem().ShouldStartWith("ARCHITECTURE.md:1:");

    [Theory]
    [InlineData("`Store`")]
    [InlineData("`Store.Open`")]
    [InlineData("`Task.WhenAll`")]
    [InlineData("`dotnet test`")]
    public void Type_ThatIsThere_IsFine(string name) =>
        MarkdownRules.CheckTypes(new RepositoryFile("ARCHITECTURE.md", name), [Type]).ShouldBeEmpty();

    [Theory]
    [InlineData("`src/B`")]
    [InlineData("`src/A/Shop.cs`")]
    public void Path_ThatIsNotThere_IsReported(string path) =>
        MarkdownRules.CheckPaths(new RepositoryFile("AGENTS.md", path), [Type]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("`src/A/Store.cs`")]
    [InlineData("`src/A/`")]
    [InlineData("`src`")]
    public void Path_ThatIsThere_IsFine(string path) =>
        MarkdownRules.CheckPaths(new RepositoryFile("AGENTS.md", path), [Type]).ShouldBeEmpty();

    private static RepositoryFile Page(string path) => Checkout.Files.Single(file => file.Path == path);
}
