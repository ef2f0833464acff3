namespace Kitaru.UnitTests.Repository;

public class ProjectArrowsTests
{
    [Fact]
    public void Repository_ArrowsPointUpOnly() => ProjectArrows.Check(Checkout.Files).ShouldBeEmpty();

    [Fact]
    public void Arrow_ToAProjectBelow_IsReported() =>
        ProjectArrows.Check([Project("Kitaru.Core", """<ProjectReference Include="../Kitaru/Kitaru.csproj" />""")])
            .ShouldHaveSingleItem().ShouldContain("Kitaru.Core may not see Kitaru,");

    [Fact]
    public void Arrow_ThatOnlyBuildsFirst_IsFine() =>
        ProjectArrows.Check([Project("Kitaru", """<ProjectReference Include="../Kitaru.Generators/Kitaru.Generators.csproj" ReferenceOutputAssembly="false" />""")])
            .ShouldBeEmpty();

    [Fact]
    public void Project_WithoutAPlace_IsReported() =>
        ProjectArrows.Check([Project("Kitaru.Application.Contracts", "")]).ShouldHaveSingleItem().ShouldContain("has no place");

    [Fact]
    public void Package_InCore_IsReported() =>
        ProjectArrows.Check([Project("Kitaru.Core", """<PackageReference Include="Dapper" />""")]).ShouldHaveSingleItem().ShouldContain("Dapper");

    [Fact]
    public void Reference_OfTheGenerator_IsReported() =>
        ProjectArrows.Check([Project("Kitaru.Generators", """<ProjectReference Include="../Kitaru.Core/Kitaru.Core.csproj" />""")])
            .ShouldHaveSingleItem().ShouldContain("inside the compiler");

    [Fact]
    public void Engine_ThatSeesAStore_IsReported() =>
        ProjectArrows.Check([new RepositoryFile("src/Kitaru/Engine/Journal.cs", "using System;\nusing Microsoft.Data.Sqlite;\n")])
            .ShouldHaveSingleItem().ShouldStartWith("src/Kitaru/Engine/Journal.cs:2:");

    private static RepositoryFile Project(string name, string items) =>
        new($"src/{name}/{name}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{items}</ItemGroup></Project>""");
}
