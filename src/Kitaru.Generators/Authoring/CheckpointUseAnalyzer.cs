using System.Collections.Immutable;
using Kitaru.Generators.Diagnostics;
using Kitaru.Generators.Interceptors;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Authoring;

/// <summary>Finds uses of a checkpoint that an interceptor cannot see, and which would therefore pass unrecorded.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckpointUseAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.MethodGroup, Rules.DynamicCall, Rules.AttributeElsewhere, Rules.BaseCall, Rules.StructReceiver, Rules.CallForm];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KitaruSymbols.CheckpointAttribute) is null)
                return;
            var declared = new DeclaredCheckpoints(start.Compilation);
            start.RegisterOperationAction(operation => CheckCall(operation, declared), OperationKind.Invocation);
            start.RegisterOperationAction(CheckReference, OperationKind.MethodReference);
            start.RegisterOperationAction(operation => CheckDynamic(operation, declared), OperationKind.DynamicInvocation);
        });
    }

    private static void CheckCall(OperationAnalysisContext context, DeclaredCheckpoints declared)
    {
        var invocation = (IInvocationOperation)context.Operation;
        var method = KitaruSymbols.Definition(invocation.TargetMethod);
        if (invocation.Syntax is not InvocationExpressionSyntax call)
            return;
        if (KitaruSymbols.CheckpointOf(method) is null)
        {
            if (declared.BehindUnmarked(method) is { } marked)
                Report(context, Rules.AttributeElsewhere, Short(method), Short(marked));
        }
        else if (CallSite.ProblemOf(call, invocation.TargetMethod, invocation.SemanticModel!, context.CancellationToken) is { } problem)
        {
            Report(context, problem == CallProblem.Base ? Rules.BaseCall : Rules.StructReceiver, method.Name);
        }
        else if (MethodProblem.Of(method, context.Compilation) is { } onMethod)
        {
            // Where the attribute itself stands on the method, the declaration is told.
            if (KitaruSymbols.DeclaredCheckpointOf(method) is null)
                Report(context, DeclarationRules.RuleOf(onMethod.Kind), method.Name, onMethod.Detail);
        }
        else if (CallCandidate.NameOf(call) is null || !IsInterceptable(call, invocation.SemanticModel!, context.CancellationToken))
        {
            Report(context, Rules.CallForm, method.Name);
        }
    }

    private static bool IsInterceptable(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken) =>
        model.GetInterceptableLocation(call, cancellationToken) is not null;

    private static void CheckReference(OperationAnalysisContext context)
    {
        var reference = (IMethodReferenceOperation)context.Operation;
        if (KitaruSymbols.CheckpointOf(reference.Method) is null || IsNamed(reference) || KitaruCalls.IsCheckpointBody(reference))
            return;
        Report(context, Rules.MethodGroup, reference.Method.Name);
    }

    private static void CheckDynamic(OperationAnalysisContext context, DeclaredCheckpoints declared)
    {
        var invocation = (IDynamicInvocationOperation)context.Operation;
        var info = invocation.SemanticModel!.GetSymbolInfo(invocation.Syntax, context.CancellationToken);
        var candidates = info.Symbol is { } single ? [single] : info.CandidateSymbols;
        var found = candidates.OfType<IMethodSymbol>().FirstOrDefault(method => KitaruSymbols.CheckpointOf(method) is not null);
        if (found is null && candidates.IsEmpty && invocation.Operation is IDynamicMemberReferenceOperation { Instance: not null } member)
            found = declared.InstanceNamed(member.MemberName);
        if (found is not null)
            Report(context, Rules.DynamicCall, found.Name);
    }

    private static bool IsNamed(IOperation operation) => operation.Parent is INameOfOperation;

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), arguments));

    private static string Short(IMethodSymbol method) => method.ContainingType.Name + "." + method.Name;
}
