using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>runtime.md 1.4.</summary>
public static class FailureJson
{
    /// <summary>message, exception_type, traceback, origin; null for null.</summary>
    public static JsonObject? Of(Failure? failure) => failure is null ? null : new JsonObject
    {
        ["message"] = failure.Message,
        ["exception_type"] = failure.ExceptionType,
        ["traceback"] = failure.Traceback,
        ["origin"] = Word(failure.Origin),
    };

    /// <summary>The contract's word for an origin.</summary>
    public static string Word(FailureOrigin origin) => origin switch
    {
        FailureOrigin.UserCode => "user_code",
        FailureOrigin.Runtime => "runtime",
        FailureOrigin.Backend => "backend",
        FailureOrigin.Divergence => "divergence",
        _ => "unknown",
    };
}
