using System.Text;
using Kitaru.Generators.Interceptors;
using Kitaru.Generators.Manifest;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Kitaru.Generators;

/// <summary>
/// Turns direct calls of <c>[Checkpoint]</c> methods into recorded ones and writes the flow manifest into the assembly.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class KitaruGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        AddManifest(context);
        AddInterceptors(context);
    }

    private static void AddManifest(IncrementalGeneratorInitializationContext context)
    {
        var flows = context.SyntaxProvider
            .ForAttributeWithMetadataName(KitaruSymbols.FlowAttribute, static (node, _) => node is MethodDeclarationSyntax, static (flow, cancellationToken) =>
                FlowReader.Read((IMethodSymbol)flow.TargetSymbol, flow.Attributes[0], cancellationToken))
            .WithTrackingName("Flows");
        var version = context.CompilationProvider
            .Select(static (compilation, _) => KitaruVersion.Of(compilation))
            .WithTrackingName("Version");
        context.RegisterSourceOutput(flows.Collect().Combine(version), static (output, input) =>
        {
            if (input.Right is { } kitaru)
                output.AddSource("Kitaru.Manifest.g.cs", SourceText.From(ManifestFile.Write(input.Left, kitaru), Encoding.UTF8));
        });
    }

    private static void AddInterceptors(IncrementalGeneratorInitializationContext context)
    {
        var referenced = context.MetadataReferencesProvider
            .Select(static (reference, cancellationToken) => ReferencedCheckpoints.NamesIn(reference, cancellationToken))
            .Collect()
            .Select(static (lists, _) => Sorted(lists.SelectMany(static list => list)));
        var names = context.SyntaxProvider
            .ForAttributeWithMetadataName(KitaruSymbols.CheckpointAttribute, static (node, _) => node is MethodDeclarationSyntax, static (checkpoint, _) =>
                checkpoint.TargetSymbol.Name)
            .Collect()
            .Combine(referenced)
            .Select(static (found, _) => Sorted(found.Left.Concat(found.Right)));
        var candidates = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is InvocationExpressionSyntax call && CallCandidate.NameOf(call) is not null, static (call, _) =>
                new CallCandidate((InvocationExpressionSyntax)call.Node, CallCandidate.NameOf((InvocationExpressionSyntax)call.Node)!))
            .Collect()
            .Combine(names)
            .Select(static (found, _) => new EquatableList<CallCandidate>(
                [.. found.Left.Where(candidate => found.Right.ContainsSorted(candidate.Name, StringComparer.Ordinal))]));
        var calls = candidates
            .Combine(context.CompilationProvider)
            .Select(static (found, cancellationToken) => new CallBinder(found.Right, cancellationToken).Bind(found.Left))
            .WithTrackingName("Calls");
        context.RegisterImplementationSourceOutput(calls, static (output, found) =>
        {
            if (found.Count > 0)
                output.AddSource("Kitaru.Interceptors.g.cs", SourceText.From(InterceptorsFile.Write(found), Encoding.UTF8));
        });
    }

    private static EquatableList<string> Sorted(IEnumerable<string> names) =>
        new([.. names.Distinct().OrderBy(static name => name, StringComparer.Ordinal)]);
}
