using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Engine;

/// <summary>Exceptions to failures. The origin is decided here, where they are caught.</summary>
internal static class Failures
{
    private const int TracebackCharsMax = 32 * 1024;

    /// <param name="exception">What was thrown.</param>
    /// <param name="origin">Who is to blame, unless the exception says it.</param>
    /// <param name="mask">What must not be shown; applied before anything is cut.</param>
    public static Failure From(Exception exception, FailureOrigin origin = FailureOrigin.UserCode, SecretMask? mask = null)
    {
        var calls = FailedCalls(exception).ToList();
        if (exception is CheckpointFailedException failed)
        {
            return failed.Failure with
            {
                Message = Masked(failed.Message, mask),
                CausedBy = [failed.Key],
            };
        }
        return new Failure(Masked(MessageOf(exception), mask), exception.GetType().FullName, Traceback(exception, mask), OriginOf(exception, origin))
        {
            CausedBy = calls.Select(call => call.Key).Distinct().ToArray(),
            BaseTypes = BaseTypesOf(exception.GetType()),
            Divergence = (exception as KitaruDivergenceException)?.Sides is { } sides
                ? sides with { Recorded = Masked(sides.Recorded, mask), Present = Masked(sides.Present, mask) }
                : null,
        };
    }

    public static Failure Runtime(string message, Exception? exception = null, SecretMask? mask = null) => new(
        Masked(message, mask), exception?.GetType().FullName, exception is null ? null : Traceback(exception, mask), FailureOrigin.Runtime)
    {
        BaseTypes = exception is null ? [] : BaseTypesOf(exception.GetType()),
    };

    private static string MessageOf(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => MessageOf(only),
        CheckpointFailedException failed => failed.Message,
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };

    private static FailureOrigin OriginOf(Exception exception, FailureOrigin origin) => exception switch
    {
        KitaruDivergenceException => FailureOrigin.Divergence,
        AggregateException { InnerExceptions: [CheckpointFailedException only] } => only.Failure.Origin,
        _ => origin,
    };

    private static IEnumerable<CheckpointFailedException> FailedCalls(Exception exception, int depth = 0)
    {
        if (depth > 20)
            yield break;
        if (exception is CheckpointFailedException failed)
            yield return failed;
        var inner = exception is AggregateException aggregate
            ? aggregate.InnerExceptions
            : exception.InnerException is { } one ? [one] : (IReadOnlyList<Exception>)[];
        foreach (var found in inner.SelectMany(next => FailedCalls(next, depth + 1)))
            yield return found;
    }

    private static string[] BaseTypesOf(Type type)
    {
        var names = new List<string>();
        for (var at = type.BaseType; at is not null && at != typeof(object); at = at.BaseType)
            names.Add(at.FullName ?? at.Name);
        return [.. names];
    }

    private static string Masked(string text, SecretMask? mask) => mask?.Apply(text) ?? text;

    private static string Traceback(Exception exception, SecretMask? mask)
    {
        var text = Masked(exception.ToString(), mask);
        return text.Length <= TracebackCharsMax ? text : text[..TracebackCharsMax] + "\n… cut";
    }
}
