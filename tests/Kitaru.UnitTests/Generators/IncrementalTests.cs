using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kitaru.UnitTests.Generators;

public sealed class IncrementalTests
{
    private const string Flows = """
        using Kitaru;
        public static class Flows
        {
            [Flow] public static string Go(string topic) => Step(topic);
            [Checkpoint] internal static string Step(string topic) => topic;
        }
        """;

    [Theory]
    [InlineData("class Other { int N() => 2; }")]
    [InlineData("class Other { int N() => Step(2); int Step(int n) => n; }")]
    public void Edit_OfAnotherFile_WritesNothingAnew(string edited)
    {
        var first = Compiled.AgainstFake(Flows, "class Other { int N() => 1; }");

        var second = Edit(first, 2, edited);

        Outputs(second).ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
        Reasons(second, "Flows").ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
        Reasons(second, "Calls").ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Edit_OfBodyInFlowFile_KeepsTheManifest()
    {
        var first = Compiled.AgainstFake(Flows);

        var second = Edit(first, 1, Flows.Replace("=> topic;", "=> topic + 1;"));

        Reasons(second, "Flows").ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
        second.Complaints().ShouldBeEmpty();
    }

    [Fact]
    public void Edit_ThatAddsACall_IsSeen()
    {
        var first = Compiled.AgainstFake(Flows, "class Other { string N() => \"\"; }");

        var second = Edit(first, 2, "class Other { string N() => Flows.Step(\"x\"); }");

        second.Complaints().ShouldBeEmpty();
        Count(second).ShouldBe(Count(first) + 1);
    }

    private static int Count(Compiled compiled) => compiled.File("Interceptors.g.cs")!.Split("InterceptsLocation(").Length;

    private static Compiled Edit(Compiled compiled, int file, string source)
    {
        var old = compiled.Input.SyntaxTrees[file];
        return compiled.Again(compiled.Input.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(source, Compiled.Options, old.FilePath, System.Text.Encoding.UTF8)));
    }

    private static IEnumerable<IncrementalStepRunReason> Outputs(Compiled compiled) =>
        compiled.Driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> Reasons(Compiled compiled, string step) =>
        compiled.Driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(step => step.Outputs).Select(output => output.Reason);
}
