namespace Kitaru.UnitTests.Repository;

public class PackageRulesTests
{
    private const string Pins = """<Project><ItemGroup><PackageVersion Include="Dapper" Version="2.1.86" /></ItemGroup></Project>""";

    [Fact]
    public void Repository_PinsEveryVersionCentrally() => PackageRules.CheckVersions(Checkout.Files).ShouldBeEmpty();

    [Fact]
    public void Repository_CommitsEveryLockFile() => PackageRules.CheckLockFiles(Checkout.Files, Checkout.Tracked).ShouldBeEmpty();

    [Fact]
    public void Repository_DescribesEveryPublicPackage() => PackageRules.CheckDescriptions(Checkout.Files).ShouldBeEmpty();

    [Theory]
    [InlineData("2.*")]
    [InlineData("[2.0.0,3.0.0)")]
    [InlineData("2.1")]
    public void Version_ThatFloats_IsReported(string version) =>
        PackageRules.CheckVersions([new RepositoryFile("Directory.Packages.props", Pins.Replace("2.1.86", version, StringComparison.Ordinal))])
            .ShouldHaveSingleItem().ShouldContain($"'{version}'");

    [Theory]
    [InlineData("""<PackageReference Include="Dapper" Version="2.1.86" />""")]
    [InlineData("""<PackageReference Include="Dapper" VersionOverride="2.1.86" />""")]
    [InlineData("""<PackageReference Include="Dapper"><Version>2.1.86</Version></PackageReference>""")]
    public void Version_InAProject_IsReported(string reference) =>
        PackageRules.CheckVersions([new RepositoryFile("Directory.Packages.props", Pins), Project(reference)])
            .ShouldHaveSingleItem().ShouldContain("a version of its own");

    [Fact]
    public void Package_WithoutAPin_IsReported() =>
        PackageRules.CheckVersions([new RepositoryFile("Directory.Packages.props", Pins), Project("""<PackageReference Include="Polly.Core" />""")])
            .ShouldHaveSingleItem().ShouldContain("Polly.Core has no version");

    [Fact]
    public void LockFile_ThatIsNotTracked_IsReported() =>
        PackageRules.CheckLockFiles([Project("")], new HashSet<string>()).ShouldHaveSingleItem().ShouldStartWith("src/A/packages.lock.json");

    [Fact]
    public void Package_WithoutADescription_IsReported() =>
        PackageRules.CheckDescriptions([new RepositoryFile("src/A/A.csproj", "<Project><PropertyGroup><IsPackable>true</IsPackable></PropertyGroup></Project>")])
            .ShouldHaveSingleItem();

    private static RepositoryFile Project(string items) => new("src/A/A.csproj", $"<Project><ItemGroup>{items}</ItemGroup></Project>");
}
