using Xunit.Abstractions;

namespace Kitaru.UnitTests.Repository;

public class LongFilesTests(ITestOutputHelper output)
{
    [Fact]
    public void Repository_LongestFiles_ArePrinted()
    {
        var longest = LongFiles.Longest(Checkout.Files, 10).ToArray();
        foreach (var (file, lines) in longest)
            output.WriteLine($"{lines,5} {file.Path}{(lines > LongFiles.LinesMax ? "   <- look again" : "")}");
        longest.Length.ShouldBe(10);
    }

    [Fact]
    public void Longest_OfASample_ComesFirst() =>
        LongFiles.Longest([new RepositoryFile("a.cs", "1\n"), new RepositoryFile("b.cs", "1\n2\n3\n"), new RepositoryFile("c.json", "1\n2\n3\n4\n")], 1)
            .ShouldHaveSingleItem().ShouldBe((new RepositoryFile("b.cs", "1\n2\n3\n"), 3));
}
