using Kitaru.Generators.Diagnostics;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Determinism;

/// <summary>
/// Walks one body, its lambdas and its local functions, and notes what a flow body must not do and which methods it calls.
/// A lambda handed to Flow.CheckpointAsync is a checkpoint's body: there only the calls that belong into a flow body count.
/// </summary>
internal sealed class BodyScanner(Compilation compilation, BodyFacts facts) : OperationWalker
{
    private bool _inCheckpoint;

    public override void VisitInvocation(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (KitaruCalls.IsOnlyInFlowBody(method))
            Note(Rules.OnlyInFlowBody, operation, inCheckpointOnly: true);
        else if (KitaruCalls.IsOnlyInCheckpoint(method))
            Note(Rules.OnlyInCheckpoint, operation);
        else if (Awaits.IsConfigureAwaitOff(operation))
            Note(Rules.ConfigureAwait, operation, "." + method.Name + "(" + string.Join(", ", ArgumentsOf(operation)) + ")");
        else if (FindRule(method) is { } rule)
            Note(rule, operation);
        else if (!KitaruCalls.IsFlowMember(method) && KitaruSymbols.CheckpointOf(method) is null)
            Follow(method, operation);
        base.VisitInvocation(operation);
    }

    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        if (operation.Constructor is { } constructor)
        {
            if (ForbiddenApis.RuleOf(constructor) is { } rule)
                Note(rule, operation, "new " + constructor.ContainingType.Name + "(...)");
            else if (IsOurs(constructor))
                AddCall(constructor, operation);
        }

        base.VisitObjectCreation(operation);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        if (FindRule(property) is { } rule)
        {
            Note(rule, operation);
        }
        else if (IsOurs(property))
        {
            if (property is { IsStatic: true, SetMethod.IsInitOnly: false } && IsAuto(property))
                Note(Rules.StaticState, operation);
            if (property.GetMethod is { } getter && !IsOnlyWritten(operation))
                AddCall(getter, operation);
            if (property.SetMethod is { } setter && operation.Parent is IAssignmentOperation assignment && assignment.Target == operation)
                AddCall(setter, operation);
        }

        base.VisitPropertyReference(operation);
    }

    public override void VisitFieldReference(IFieldReferenceOperation operation)
    {
        if (operation.Field is { IsStatic: true, IsReadOnly: false, IsConst: false })
            Note(Rules.StaticState, operation);
        base.VisitFieldReference(operation);
    }

    public override void VisitMethodReference(IMethodReferenceOperation operation)
    {
        // A method group handed to somebody in a flow body is called by somebody in it.
        if (operation.Parent is not INameOfOperation && !KitaruCalls.IsCheckpointBody(operation) && IsOurs(operation.Method) &&
            operation.Method.MethodKind == MethodKind.Ordinary && KitaruSymbols.CheckpointOf(operation.Method) is null)
            AddCall(operation.Method, operation);
        base.VisitMethodReference(operation);
    }

    public override void VisitAwait(IAwaitOperation operation)
    {
        NoteSource(operation.Operation);
        base.VisitAwait(operation);
    }

    public override void VisitForEachLoop(IForEachLoopOperation operation)
    {
        if (operation.IsAsynchronous)
            NoteSource(operation.Collection);
        base.VisitForEachLoop(operation);
    }

    public override void VisitUsing(IUsingOperation operation)
    {
        if (operation.IsAsynchronous)
            NoteDisposal(operation.Resources, operation.Resources is IVariableDeclarationGroupOperation group ? group.Declarations[0].Declarators[0].Symbol.Type : operation.Resources.Type);
        base.VisitUsing(operation);
    }

    public override void VisitUsingDeclaration(IUsingDeclarationOperation operation)
    {
        if (operation.IsAsynchronous)
            NoteDisposal(operation, operation.DeclarationGroup.Declarations[0].Declarators[0].Symbol.Type);
        base.VisitUsingDeclaration(operation);
    }

    public override void VisitLock(ILockOperation operation)
    {
        Note(Rules.Lock, operation, "lock", ((LockStatementSyntax)operation.Syntax).LockKeyword.GetLocation());
        base.VisitLock(operation);
    }

    public override void VisitWhileLoop(IWhileLoopOperation operation)
    {
        if (operation.Condition is { ConstantValue: { HasValue: true, Value: bool condition } } && condition != operation.ConditionIsUntil)
            NoteEndless(operation);
        base.VisitWhileLoop(operation);
    }

    public override void VisitForLoop(IForLoopOperation operation)
    {
        if (operation.Condition is null or { ConstantValue: { HasValue: true, Value: true } })
            NoteEndless(operation);
        base.VisitForLoop(operation);
    }

    public override void VisitTry(ITryOperation operation)
    {
        foreach (var clause in operation.Catches)
        {
            if (Catches.IsSpecific(clause) && Catches.CallsCheckpoint(operation.Body))
                Note(Rules.SpecificCatch, clause, clause.ExceptionType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), ((CatchClauseSyntax)clause.Syntax).Declaration!.Type.GetLocation());
        }

        base.VisitTry(operation);
    }

    public override void VisitAnonymousFunction(IAnonymousFunctionOperation operation)
    {
        bool outer = _inCheckpoint;
        _inCheckpoint |= KitaruCalls.IsCheckpointBody(operation);
        base.VisitAnonymousFunction(operation);
        _inCheckpoint = outer;
    }

    public override void VisitLocalFunction(ILocalFunctionOperation operation)
    {
        bool outer = _inCheckpoint;
        _inCheckpoint |= KitaruCalls.IsCheckpointBody(operation);
        base.VisitLocalFunction(operation);
        _inCheckpoint = outer;
    }

    public override void VisitNameOf(INameOfOperation operation)
    {
        // Nothing in it runs.
    }

    private void Follow(IMethodSymbol method, IInvocationOperation operation)
    {
        if (IsOurs(method))
        {
            if (method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension && KitaruSymbols.FlowOf(KitaruSymbols.Definition(method)) is null)
                AddCall(method, operation);
        }
        else if (Awaits.IsUnrecordedCall(method) && !Awaits.IsConsole(operation.Instance))
        {
            Note(Rules.UnrecordedAwait, operation);
        }
    }

    private void NoteSource(IOperation awaited)
    {
        if (Awaits.UnrecordedSource(awaited) is { } source && FindRule(source.Property) is null)
            Note(Rules.UnrecordedAwait, source);
    }

    private void NoteDisposal(IOperation operation, ITypeSymbol? type)
    {
        if (type is not null && !IsOurs(type) && !KitaruSymbols.IsIn(type, "Kitaru") && type.TypeKind != TypeKind.TypeParameter)
            Note(Rules.UnrecordedAwait, operation, "await using " + type.Name);
    }

    private void NoteEndless(ILoopOperation loop)
    {
        if (!Loops.HasWayOutOrWait(loop))
            Note(Rules.EndlessLoop, loop, "loop", loop.Syntax.GetFirstToken().GetLocation());
    }

    private void AddCall(IMethodSymbol method, IOperation operation)
    {
        if (!_inCheckpoint)
            facts.Calls.Add(new(KitaruSymbols.Definition(method), Place(operation)));
    }

    private void Note(DiagnosticDescriptor rule, IOperation operation, string? what = null, Location? location = null, bool inCheckpointOnly = false)
    {
        if (inCheckpointOnly || !_inCheckpoint)
            facts.Hazards.Add(new(rule, location ?? Place(operation), what ?? Text(operation), _inCheckpoint));
    }

    private static DiagnosticDescriptor? FindRule(ISymbol member)
    {
        for (var current = member; current is not null; current = (current as IMethodSymbol)?.OverriddenMethod ?? (ISymbol?)(current as IPropertySymbol)?.OverriddenProperty)
        {
            if (ForbiddenApis.RuleOf(current) is { } rule)
                return rule;
        }

        return null;
    }

    private bool IsOurs(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly);

    private static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool IsOnlyWritten(IPropertyReferenceOperation operation) =>
        operation.Parent is ISimpleAssignmentOperation assignment && assignment.Target == operation;

    private static IEnumerable<string> ArgumentsOf(IInvocationOperation operation) =>
        operation.Syntax is InvocationExpressionSyntax call ? call.ArgumentList.Arguments.Select(argument => argument.ToString()) : [];

    private static Location Place(IOperation operation) => operation.Syntax.GetLocation();

    private static string Text(IOperation operation)
    {
        string name = operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod.ContainingType.Name + "." + invocation.TargetMethod.Name,
            IMemberReferenceOperation { Member: { ContainingType: { } type } member } => type.Name + "." + member.Name,
            _ => operation.Syntax.ToString(),
        };
        return name.Length > 80 ? name.Substring(0, 80) + "..." : name;
    }
}
