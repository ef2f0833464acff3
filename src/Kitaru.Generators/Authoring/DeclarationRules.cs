using System.Globalization;
using Kitaru.Generators.Diagnostics;
using Kitaru.Generators.Interceptors;
using Kitaru.Generators.Manifest;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kitaru.Generators.Authoring;

/// <summary>What the declaration of one flow or checkpoint must keep to.</summary>
internal sealed class DeclarationRules(IMethodSymbol method, SymbolAnalysisContext context)
{
    // contract: runtime.md 1.9
    private static readonly HashSet<string> ReservedInputs = ["cache", "image", "retries", "stack", "tags"];

    public void CheckCheckpoint(AttributeData checkpoint)
    {
        if (MethodProblem.Of(method, context.Compilation) is { } problem)
            Report(problem);
        CheckName(checkpoint);
        CheckOptions(checkpoint, ["Retries", "BackoffSeconds", "BackoffFactor", "MaxBackoffSeconds", "TimeoutSeconds"]);
        CheckResult();
    }

    public void CheckFlow(AttributeData flow)
    {
        if (MethodProblem.OfFlow(method) is { } problem)
            Report(problem);
        else
            CheckResult();
        string name = AttributeValues.NameOf(flow, method);
        if (FlowReader.IsGeneric(method))
            Report(Rules.GenericFlow, name);
        CheckName(flow);
        CheckOptions(flow, ["Retries"]);
        foreach (var parameter in method.Parameters)
            CheckInput(parameter, name);
    }

    public void Report(DiagnosticDescriptor rule, params object[] arguments) => ReportAt(method.Locations[0], rule, arguments);

    private void ReportAt(Location location, DiagnosticDescriptor rule, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, location, arguments));

    private void Report(MethodProblem problem) => Report(RuleOf(problem.Kind), method.Name, problem.Detail);

    public static DiagnosticDescriptor RuleOf(ProblemKind kind) => kind switch
    {
        ProblemKind.LocalFunction => Rules.LocalFunction,
        ProblemKind.StructReceiver => Rules.StructReceiver,
        ProblemKind.ByReference => Rules.ByReference,
        ProblemKind.HiddenType => Rules.HiddenType,
        ProblemKind.LazyResult => Rules.LazyResult,
        ProblemKind.AsyncVoid => Rules.AsyncVoid,
        _ => Rules.UnsupportedMember,
    };

    private void CheckName(AttributeData attribute)
    {
        if (AttributeValues.Get(attribute, "Name") is not string name)
            return;
        bool good = name.Length is > 0 and <= 200 && (char.IsLetter(name[0]) || name[0] == '_') &&
            name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
        if (!good)
            ReportAt(Place(attribute), Rules.BadName, name);
    }

    private void CheckOptions(AttributeData attribute, string[] options)
    {
        foreach (string option in options)
        {
            if (AttributeValues.Get(attribute, option) is { } value &&
                Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && !(number >= 0 && number < double.PositiveInfinity))
                ReportAt(Place(attribute), Rules.BadOption, option, "0 or more", Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }

    private void CheckInput(IParameterSymbol parameter, string flow)
    {
        if (InterceptorText.IsToken(parameter) || parameter.RefKind != RefKind.None)
            return;
        if (ReservedInputs.Contains(SnakeCase.Of(parameter.Name)))
            ReportAt(parameter.Locations[0], Rules.ReservedInput, parameter.Name);
        if (!parameter.Type.IsRefLikeType && new JsonBan(mustBeRead: true).Of(parameter.Type) is { } ban)
            ReportAt(parameter.Locations[0], Rules.InputNotJson, parameter.Name, flow, ban);
    }

    private void CheckResult()
    {
        if (ReturnShape.Of(method.ReturnType).Value is not { } result || MethodProblem.OfFlow(method) is not null)
            return;
        if (new JsonBan(mustBeRead: true).Of(result) is { } ban)
            Report(Rules.ResultNotJson, method.Name, ban);
    }

    private Location Place(AttributeData attribute) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation() ?? method.Locations[0];
}
