using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.Hosting;

/// <summary>A flow that this process can run: its definition and its method.</summary>
public sealed class FlowEntry
{
    private readonly MethodInvoker _invoker;

    internal FlowEntry(FlowDefinition definition, MethodInfo method)
    {
        Definition = definition;
        Method = method;
        _invoker = MethodInvoker.Create(method);
        ResultType = ResultTypeOf(method.ReturnType);
    }

    /// <summary>What the generator says of it.</summary>
    public FlowDefinition Definition { get; }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>The type of its result, or null when it returns nothing.</summary>
    public Type? ResultType { get; }

    /// <summary>Calls the method with an execution's inputs; runs on the flow's context.</summary>
    internal async Task<object?> InvokeAsync(
        ExecutionRecord execution, CancellationToken cancellationToken, IControlPlane controlPlane, IServiceProvider? services)
    {
        var inputs = execution.Inputs.Inline ?? await ReadInputsAsync(execution, controlPlane, cancellationToken).ConfigureAwait(true);
        var arguments = Bind(inputs, cancellationToken);
        var target = Method.IsStatic ? null : Create(services);
        var returned = _invoker.Invoke(target, arguments);
        switch (returned)
        {
            case Task task:
                await task.ConfigureAwait(true);
                return ResultType is null ? null : task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task);
            case ValueTask task:
                await task.ConfigureAwait(true);
                return null;
            case not null when Method.ReturnType.IsGenericType && Method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>):
                var asTask = (Task)Method.ReturnType.GetMethod(nameof(ValueTask<object>.AsTask))!.Invoke(returned, null)!;
                await asTask.ConfigureAwait(true);
                return asTask.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(asTask);
            default:
                return returned;
        }
    }

    // Inputs are fixed for the life of an execution: reading them is the same on every run, so the body may block on it once.
    private static Task<byte[]> ReadInputsAsync(ExecutionRecord execution, IControlPlane controlPlane, CancellationToken cancellationToken)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Task.FromResult(controlPlane.Artifacts.ReadAllAsync(execution.Inputs, cancellationToken).GetAwaiter().GetResult());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private object?[] Bind(byte[] inputs, CancellationToken cancellationToken)
    {
        var given = JsonNode.Parse(inputs) as JsonObject ?? [];
        var parameters = Method.GetParameters();
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                arguments[i] = cancellationToken;
            }
            else if (given.TryGetPropertyValue(parameter.Name!, out var node))
            {
                try
                {
                    arguments[i] = node is null && !parameter.ParameterType.IsValueType ? null : node.Deserialize(parameter.ParameterType, ValueCodec.Json);
                }
                catch (JsonException exception)
                {
                    throw new KitaruUsageException(
                        $"Input '{parameter.Name}' of flow '{Definition.Name}' cannot be read as {parameter.ParameterType}: {exception.Message}",
                        "Start the flow again with an input of that type.", exception);
                }
            }
            else
            {
                arguments[i] = parameter.HasDefaultValue
                    ? parameter.DefaultValue
                    : throw new KitaruUsageException($"Flow '{Definition.Name}' has no input '{parameter.Name}'.", "Start the flow again with all inputs.");
            }
        }
        return arguments;
    }

    private object Create(IServiceProvider? services)
    {
        var type = Method.DeclaringType!;
        return services is null
            ? Activator.CreateInstance(type, nonPublic: true)!
            : services.GetService(type) ?? ActivatorUtilities.CreateInstance(services, type);
    }

    private static Type? ResultTypeOf(Type returned) =>
        returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask)
            ? null
            : returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
                ? returned.GetGenericArguments()[0]
                : returned;
}
