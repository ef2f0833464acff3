using System.Collections.Immutable;
using Kitaru.Generators.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Kitaru.UnitTests.Generators;

/// <summary>Each fix leaves code that compiles and about which nothing is said any more.</summary>
public sealed class CodeFixTests
{
    private static readonly ImmutableArray<CodeFixProvider> Fixes =
        [new RecordedValueFix(), new SleepFix(), new KeepContextFix(), new AwaitFix(), new FailureFilterFix(), new LambdaFix()];

    [Theory]
    [InlineData("var x = DateTime.Now.AddDays(1);", "var x = Flow.UtcNow.UtcDateTime.AddDays(1);")]
    [InlineData("var x = DateTime.Today;", "var x = Flow.UtcNow.UtcDateTime.Date;")]
    [InlineData("var x = DateTimeOffset.UtcNow;", "var x = Flow.UtcNow;")]
    [InlineData("var x = TimeProvider.System.GetUtcNow();", "var x = Flow.UtcNow;")]
    [InlineData("var x = Guid.NewGuid();", "var x = Flow.NewGuid();")]
    [InlineData("var x = new Random().Next();", "var x = Flow.Random.Next();")]
    [InlineData("var x = Random.Shared.Next();", "var x = Flow.Random.Next();")]
    [InlineData("await Task.Delay(10);", "await Flow.SleepAsync(TimeSpan.FromMilliseconds(10));")]
    [InlineData("await Task.Delay(TimeSpan.FromDays(2), token);", "await Flow.SleepAsync(TimeSpan.FromDays(2));")]
    [InlineData("Thread.Sleep(10);", "await Flow.SleepAsync(TimeSpan.FromMilliseconds(10));")]
    [InlineData("var x = await Step(1).ConfigureAwait(false);", "var x = await Step(1);")]
    [InlineData("var x = Step(1).Result;", "var x = await Step(1);")]
    [InlineData("var x = Step(1).Result.ToString();", "var x = (await Step(1)).ToString();")]
    [InlineData("Step(1).Wait();", "await Step(1);")]
    [InlineData("var x = Step(1).GetAwaiter().GetResult();", "var x = await Step(1);")]
    [InlineData("try { await Step(1); } catch (HttpRequestException e) { Console.WriteLine(e); }", "try { await Step(1); } catch (CheckpointFailedException e) when (e.IsCausedBy<HttpRequestException>()) { Console.WriteLine(e); }")]
    [InlineData("try { await Step(1); } catch (HttpRequestException) { }", "try { await Step(1); } catch (CheckpointFailedException failure) when (failure.IsCausedBy<HttpRequestException>()) { }")]
    [InlineData("var x = new[] { 1 }.Select(Step).ToList();", "var x = new[] { 1 }.Select(n => Step(n)).ToList();")]
    public async Task Fix_OfBody_LeavesGoodCode(string body, string expected)
    {
        const string Frame = """
            using Kitaru;
            static class Program
            {
                [Checkpoint] static Task<int> Step(int n) => Task.FromResult(n);
                [Flow] static async Task Go(CancellationToken token) { await Step(0); $BODY }
            }
            """;

        string result = await FixAsync(Frame.Replace("$BODY", body));

        result.ShouldBe(Frame.Replace("$BODY", expected));
        await Marked.CheckAsync(result);
    }

    [Fact]
    public async Task Fix_WithoutUsing_AddsIt()
    {
        string result = await FixAsync("class C { [Kitaru.Flow] public static object Go() => DateTime.UtcNow; }");

        result.ShouldBe("using Kitaru;\nclass C { [Kitaru.Flow] public static object Go() => Flow.UtcNow.UtcDateTime; }");
        await Marked.CheckAsync(result);
    }

    [Theory]
    [InlineData("static object Stamp() => DateTime.Now; [Kitaru.Flow] public static object Go() => Stamp();")]
    [InlineData("[Kitaru.Flow] public static void Go() => Thread.Sleep(1);")]
    [InlineData("[Kitaru.Checkpoint] public static Task<int> Step() => null!; [Kitaru.Flow] public static object Go() => Step().Result;")]
    public async Task Fix_ThatWouldNotCompile_IsNotOffered(string members) =>
        (await FixAsync($"class C {{ {members} }}")).ShouldBe($"class C {{ {members} }}");

    private static async Task<string> FixAsync(string source)
    {
        var compiled = Compiled.AgainstFake(source);
        var diagnostic = (await Marked.DiagnosticsOfAsync(compiled)).ShouldHaveSingleItem();
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            Microsoft.CodeAnalysis.ProjectId.CreateNewId(), VersionStamp.Default, "P", "Flows", LanguageNames.CSharp,
            compilationOptions: compiled.Input.Options, parseOptions: Compiled.Options, metadataReferences: compiled.Input.References));
        foreach (var tree in compiled.Input.SyntaxTrees.Where(tree => tree != diagnostic.Location.SourceTree))
            project = project.AddDocument(Path.GetFileName(tree.FilePath), tree.ToString()).Project;
        var document = project.AddDocument("Fixed.cs", SourceText.From(source));
        var offered = new List<CodeAction>();
        foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var moved = Diagnostic.Create(diagnostic.Descriptor, Location.Create((await document.GetSyntaxTreeAsync())!, diagnostic.Location.SourceSpan), diagnostic.AdditionalLocations, diagnostic.Properties);
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, moved, (action, _) => offered.Add(action), CancellationToken.None));
        }

        if (offered.Count == 0)
            return source;
        var operations = await offered.ShouldHaveSingleItem().GetOperationsAsync(CancellationToken.None);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        return (await changed.GetTextAsync()).ToString();
    }
}
