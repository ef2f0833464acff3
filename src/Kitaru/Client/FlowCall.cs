using System.Linq.Expressions;
using System.Reflection;

namespace Kitaru.Client;

/// <summary>A flow call taken apart: <c>() => Research.ResearchAgent("tea")</c>.</summary>
internal sealed record FlowCall(MethodInfo Method, IReadOnlyList<(string Name, object? Value, Type Type)> Inputs)
{
    public static FlowCall Parse(LambdaExpression expression)
    {
        if (expression.Body is not MethodCallExpression call)
        {
            throw new KitaruUsageException(
                $"RunAsync takes one call of a flow, such as () => Research.ResearchAgent(\"tea\"); got: {expression.Body}.");
        }
        var inputs = call.Method.GetParameters().Zip(call.Arguments)
            .Where(pair => pair.First.ParameterType != typeof(CancellationToken))
            .Select(pair => (pair.First.Name!, Evaluate(pair.Second), pair.First.ParameterType))
            .ToArray();
        return new FlowCall(call.Method, inputs);
    }

    private static object? Evaluate(Expression argument) => argument is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object?>>(Expression.Convert(argument, typeof(object))).Compile(preferInterpretation: true)();
}
