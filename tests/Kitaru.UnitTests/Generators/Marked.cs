using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Kitaru.Generators.Authoring;
using Kitaru.Generators.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kitaru.UnitTests.Generators;

/// <summary>Source in which <c>{|KIT101:expression|}</c> says where a diagnostic is expected; nothing else may be reported.</summary>
internal static partial class Marked
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = [new DeclarationAnalyzer(), new CheckpointUseAnalyzer(), new FlowBodyAnalyzer()];

    public static async Task<ImmutableArray<Diagnostic>> CheckAsync(params string[] marked)
    {
        var compiled = Compiled.AgainstFake([.. marked.Select(source => Marker().Replace(source, match => match.Groups["code"].Value))]);
        compiled.Complaints().Where(complaint => complaint.Severity == DiagnosticSeverity.Error).ShouldBeEmpty(compiled.File("Interceptors.g.cs"));
        var found = await DiagnosticsOfAsync(compiled);
        var expected = marked.SelectMany((source, i) => ExpectedIn(source, $"File{i + 1}.cs")).Order().ToArray();
        var actual = found.Select(diagnostic => Spell(Path.GetFileName(diagnostic.Location.SourceTree!.FilePath), diagnostic.Id, diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceTree.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length))).Order().ToArray();
        actual.ShouldBe(expected, string.Join("\n", found));
        return found;
    }

    public static async Task<ImmutableArray<Diagnostic>> DiagnosticsOfAsync(Compiled compiled)
    {
        // An analyzer that throws would otherwise look like one that finds nothing.
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), (exception, _, _) => throw new InvalidOperationException("analyzer failed", exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        return [.. (await compiled.Output.WithAnalyzers(Analyzers, options).GetAnalyzerDiagnosticsAsync()).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    private static IEnumerable<string> ExpectedIn(string source, string file)
    {
        int removed = 0;
        foreach (Match match in Marker().Matches(source))
        {
            yield return Spell(file, match.Groups["id"].Value, match.Index - removed, match.Groups["code"].Value);
            removed += match.Length - match.Groups["code"].Length;
        }
    }

    private static string Spell(string file, string id, int start, string code) => string.Create(CultureInfo.InvariantCulture, $"{file} {id} at {start}: {code}");

    [GeneratedRegex(@"\{\|(?<id>KIT\d+):(?<code>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Marker();
}
