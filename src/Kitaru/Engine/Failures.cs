using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>Exceptions to failures. The origin is decided here, where they are caught.</summary>
internal static class Failures
{
    private const int TracebackCharsMax = 32 * 1024;

    public static Failure From(Exception exception, FailureOrigin origin = FailureOrigin.UserCode)
    {
        var calls = FailedCalls(exception).ToList();
        if (exception is CheckpointFailedException failed)
        {
            return failed.Failure with
            {
                Message = failed.Message,
                CausedBy = [failed.Key],
            };
        }
        return new Failure(MessageOf(exception), exception.GetType().FullName, Traceback(exception), OriginOf(exception, origin))
        {
            CausedBy = calls.Select(call => call.Key).Distinct().ToArray(),
            BaseTypes = BaseTypesOf(exception.GetType()),
            Divergence = (exception as KitaruDivergenceException)?.Sides,
        };
    }

    public static Failure Runtime(string message, Exception? exception = null) => new(
        message, exception?.GetType().FullName, exception is null ? null : Traceback(exception), FailureOrigin.Runtime)
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

    private static string Traceback(Exception exception)
    {
        var text = exception.ToString();
        return text.Length <= TracebackCharsMax ? text : text[..TracebackCharsMax] + "\n… cut";
    }
}
