using System.ComponentModel;
using Kitaru.Engine;

namespace Kitaru.Runtime;

/// <summary>
/// Where generated interceptors lead. In a flow body the call is recorded; anywhere else the method is simply called.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CheckpointCalls
{
    /// <summary>A method that returns <see cref="Task{TResult}"/>.</summary>
    public static Task<T> RunAsync<T>(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Func<CancellationToken, Task<T>> body) =>
        FlowScope.FlowBody is { } flow
            ? flow.CallAsync<T>(definition, arguments, cancellationToken, body)
            : PlainCall(definition, cancellationToken, body);

    /// <summary>A method that returns <see cref="Task"/>.</summary>
    public static Task RunAsync(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Func<CancellationToken, Task> body) =>
        FlowScope.FlowBody is { } flow
            ? flow.CallAsync<NoValue>(definition, arguments, cancellationToken, async token =>
            {
                await body(token).ConfigureAwait(false);
                return default;
            })
            : PlainCall(definition, cancellationToken, body);

    /// <summary>A method that returns <see cref="ValueTask{TResult}"/>.</summary>
    public static ValueTask<T> RunValueAsync<T>(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Func<CancellationToken, ValueTask<T>> body) =>
        FlowScope.FlowBody is { } flow
            ? new(flow.CallAsync<T>(definition, arguments, cancellationToken, token => body(token).AsTask()))
            : PlainCall(definition, cancellationToken, body);

    /// <summary>A method that returns <see cref="ValueTask"/>.</summary>
    public static ValueTask RunValueAsync(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Func<CancellationToken, ValueTask> body) =>
        FlowScope.FlowBody is { } flow
            ? new(flow.CallAsync<NoValue>(definition, arguments, cancellationToken, async token =>
            {
                await body(token).ConfigureAwait(false);
                return default;
            }))
            : PlainCall(definition, cancellationToken, body);

    /// <summary>A synchronous method with a value. In a flow body it runs and commits before it returns.</summary>
    public static T Run<T>(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Func<CancellationToken, T> body) =>
        FlowScope.FlowBody is { } flow
            ? flow.Call(definition, arguments, cancellationToken, body)
            : PlainCall(definition, cancellationToken, body);

    /// <summary>A synchronous method without a value.</summary>
    public static void Run(
        CheckpointDefinition definition, object?[] arguments, CancellationToken cancellationToken, Action<CancellationToken> body)
    {
        Func<CancellationToken, NoValue> call = token =>
        {
            body(token);
            return default;
        };
        if (FlowScope.FlowBody is { } flow)
            flow.Call(definition, arguments, cancellationToken, call);
        else
            PlainCall(definition, cancellationToken, call);
    }

    private static TResult PlainCall<TResult>(
        CheckpointDefinition definition, CancellationToken cancellationToken, Func<CancellationToken, TResult> body)
    {
        FlowScope.Checkpoint?.NoteNestedCall(definition.Name);
        return body(cancellationToken);
    }
}
