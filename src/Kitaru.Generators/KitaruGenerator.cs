using System.Collections.Immutable;
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
            .Where(static flow => flow is not null)
            .WithTrackingName("Flows");
        var version = context.CompilationProvider
            .Select(static (compilation, _) => KitaruVersion.Of(compilation))
            .WithTrackingName("Version");
        context.RegisterSourceOutput(flows.Collect().Combine(version), static (output, input) =>
        {
            if (input.Right is { } kitaru)
                output.AddSource("Kitaru.Manifest.g.cs", SourceText.From(ManifestFile.Write(input.Left!, kitaru), Encoding.UTF8));
        });
    }

    private static void AddInterceptors(IncrementalGeneratorInitializationContext context)
    {
        var declared = context.SyntaxProvider
            .ForAttributeWithMetadataName(KitaruSymbols.CheckpointAttribute, static (node, _) => node is MethodDeclarationSyntax, static (checkpoint, _) =>
                checkpoint.TargetSymbol.Name)
            .Collect();
        var referenced = context.MetadataReferencesProvider
            .Select(static (reference, cancellationToken) => ReferencedCheckpoints.NamesIn(reference, cancellationToken))
            .Where(static names => names.Count > 0)
            .Collect();
        var names = declared.Combine(referenced)
            .Select(static (found, _) => new EquatableArray<string>(
                [.. found.Left.Concat(found.Right.SelectMany(static names => names)).Distinct().OrderBy(static name => name, StringComparer.Ordinal)]))
            .WithTrackingName("Names");
        var candidates = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => node is InvocationExpressionSyntax call && CallCandidate.NameOf(call) is not null, static (call, _) =>
                new CallCandidate((InvocationExpressionSyntax)call.Node, CallCandidate.NameOf((InvocationExpressionSyntax)call.Node)!))
            .Combine(names)
            .Where(static pair => pair.Right.ContainsSorted(pair.Left.Name, StringComparer.Ordinal))
            .Select(static (pair, _) => pair.Left)
            .Collect();
        var calls = candidates.Combine(context.CompilationProvider)
            .SelectMany(static (input, cancellationToken) => input.Left.IsEmpty
                ? ImmutableArray<CallModel>.Empty
                : new CallBinder(input.Right, cancellationToken).Bind(input.Left))
            .WithTrackingName("Calls")
            .Collect();
        context.RegisterImplementationSourceOutput(calls, static (output, found) =>
        {
            if (!found.IsEmpty)
                output.AddSource("Kitaru.Interceptors.g.cs", SourceText.From(InterceptorsFile.Write(found), Encoding.UTF8));
        });
    }
}
