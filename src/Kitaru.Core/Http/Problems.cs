namespace Kitaru.Core.Http;

/// <summary>Errors to problems and back: the type that was thrown is the type that is caught.</summary>
internal static class Problems
{
    private const int MessageCharsMax = 8_000;

    public static Problem Of(KitaruException error)
    {
        var (status, title) = Kind(error);
        var problem = new Problem
        {
            Title = title,
            Status = status,
            Detail = Texts.Clip(error.Message, MessageCharsMax),
            Code = error.Code,
            NextStep = error.NextStep,
            Details = error.Details,
        };
        return error switch
        {
            KitaruBuildException build => problem with { Diagnostics = build.Diagnostics },
            KitaruLeaseLostException lost => problem with { ExecutionId = lost.ExecutionId },
            KitaruExecutionException failed => problem with
            {
                ExecutionId = failed.ExecutionId,
                ExecutionStatus = failed.Status,
                Origin = failed.Origin,
                Sides = (failed as KitaruDivergenceException)?.Sides,
            },
            WaitAbortedException aborted => problem with { Wait = aborted.Wait },
            IdempotencyKeyTakenException taken => problem with { TakenKey = taken.Key },
            _ => problem,
        };
    }

    /// <summary>The error that became this problem.</summary>
    public static KitaruException ToException(Problem problem)
    {
        var (message, next, details) = (problem.Detail, problem.NextStep, problem.Details);
        return problem.Code switch
        {
            _ when problem.TakenKey is { } key => new IdempotencyKeyTakenException(key),
            "KitaruUsageError" => new KitaruUsageException(message, next) { Details = details },
            "KitaruBuildError" => new KitaruBuildException(message, problem.Diagnostics ?? [], next) { Details = details },
            "KitaruWaitValidationError" => new KitaruWaitValidationException(message, next) { Details = details },
            "KitaruContextError" => new KitaruContextException(message, next) { Details = details },
            "KitaruStateError" => new KitaruStateException(message, next) { Details = details },
            "KitaruTimeoutError" => new KitaruTimeoutException(message, next) { Details = details },
            "KitaruNotFoundError" => new KitaruNotFoundException(message, next) { Details = details },
            "LookupError" => new KitaruLookupException(message, next) { Details = details },
            "KitaruLeaseLostError" when problem.ExecutionId is { } lost => new KitaruLeaseLostException(lost) { Details = details },
            "KitaruUserCodeError" when problem.ExecutionId is { } id => new KitaruUserCodeException(message, id, next) { Details = details },
            "KitaruDivergenceError" when problem.ExecutionId is { } id =>
                new KitaruDivergenceException(message, id, next) { Details = details, Sides = problem.Sides },
            "KitaruExecutionError" when problem.ExecutionId is { } id => new KitaruExecutionException(
                message, id, problem.ExecutionStatus ?? ExecutionStatus.Failed, problem.Origin ?? FailureOrigin.Unknown, next)
            { Details = details },
            "KitaruWaitAbortedError" when problem.Wait is { } wait => new WaitAbortedException(wait, by: null),
            "KitaruFeatureNotAvailableError" => new KitaruFeatureNotAvailableException(message, next) { Details = details },
            "KitaruRuntimeError" => new KitaruRuntimeException(message, next) { Details = details },
            "KitaruBackendError" => new KitaruBackendException(message, next) { Details = details },
            "KitaruAuthenticationError" => new KitaruAuthenticationException(message, next) { Details = details },
            "KitaruAccessDeniedError" => new KitaruAccessDeniedException(message, next) { Details = details },
            _ => new KitaruException(message, next) { Details = details },
        };
    }

    private static (int Status, string Title) Kind(KitaruException error) => error switch
    {
        KitaruWaitValidationException => (422, "The answer does not fit"),
        KitaruUsageException or KitaruContextException => (400, "The request is not valid"),
        KitaruNotFoundException or KitaruLookupException => (404, "Not found"),
        KitaruTimeoutException => (408, "It took too long"),
        KitaruLeaseLostException => (409, "The lease is lost"),
        KitaruStateException or WaitAbortedException or KitaruExecutionException => (409, "The state does not allow it"),
        KitaruFeatureNotAvailableException => (501, "Not available here"),
        KitaruAuthenticationException => (401, "Not authenticated"),
        KitaruAccessDeniedException => (403, "Not allowed"),
        KitaruBackendException => (503, "The store or the server failed"),
        KitaruRuntimeException => (500, "It could not be done"),
        _ => (500, "It failed"),
    };
}
