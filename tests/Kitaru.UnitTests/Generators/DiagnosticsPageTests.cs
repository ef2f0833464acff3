using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Kitaru.UnitTests.Generators;

/// <summary>docs/diagnostics.md and the analyzers say the same, and its code is what it says it is.</summary>
public sealed partial class DiagnosticsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "diagnostics.md")).ReplaceLineEndings("\n");

    public static TheoryData<string> Ids => [.. Rules().Select(rule => rule.Id)];

    [Fact]
    public void Table_ListsEveryRuleAsItIs()
    {
        var listed = Row().Matches(Page).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value} {row.Groups[3].Value}");

        listed.ShouldBe(Rules().Select(rule => $"{rule.Id} {rule.DefaultSeverity.ToString().ToLowerInvariant()} {rule.Title}"));
        Section().Matches(Page).Select(section => section.Groups["id"].Value).ShouldBe(Rules().Select(rule => rule.Id));
    }

    [Fact]
    public void Rule_LeadsToItsSection() =>
        Rules().ShouldAllBe(rule => rule.HelpLinkUri.EndsWith("docs/diagnostics.md#" + rule.Id.ToLowerInvariant()));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Sample_IsWrongAndRight(string id)
    {
        var section = Section().Matches(Page).Single(section => section.Groups["id"].Value == id);

        (await FoundInAsync(section.Groups["wrong"].Value)).ShouldContain(id);
        (await FoundInAsync(section.Groups["right"].Value)).ShouldBeEmpty();
    }

    private static async Task<IEnumerable<string>> FoundInAsync(string sample)
    {
        bool whole = sample.StartsWith("using Kitaru;", StringComparison.Ordinal);
        string source = whole ? sample : $"using Kitaru;\npublic static class Sample\n{{\n{sample}\n}}";
        var compiled = Compiled.AgainstFake(source.Contains("\nawait ", StringComparison.Ordinal) ? "// top-level\n" + source : source);
        compiled.Complaints().Where(complaint => complaint.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        return (await Marked.DiagnosticsOfAsync(compiled)).Select(diagnostic => diagnostic.Id);
    }

    private static IEnumerable<DiagnosticDescriptor> Rules() =>
        Marked.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id).OrderBy(rule => rule.Id, StringComparer.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kitaru.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Kitaru.slnx is not above the test's folder.");
    }

    [GeneratedRegex(@"^\| \[(KIT\d+)\]\(#kit\d+\) \| (\w+) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^## (?<id>KIT\d+)\n.*?Wrong:\n\n```csharp\n(?<wrong>.*?)\n```\n\nRight:\n\n```csharp\n(?<right>.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();
}
