using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Server.Requests;

/// <summary>Answers every error as a problem. What is not ours to say, such as where a file lies, stays in the log.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, ProblemOf(context, error));
        }
    }

    public static Task AnswerAsync(HttpContext context, Problem problem)
    {
        context.Response.Clear();
        context.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsJsonAsync(problem, WireJson.Strict, Problem.MediaType, context.RequestAborted);
    }

    private Problem ProblemOf(HttpContext context, Exception error)
    {
        switch (error)
        {
            case KitaruException known:
                var problem = Problems.Of(known);
                if (problem.Status >= 500)
                    log.LogError(error, "Request {RequestId} failed.", context.TraceIdentifier);
                return problem.Status >= 500 ? problem with { RequestId = context.TraceIdentifier } : problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Bad(413, "The request is too large", "The request's body is larger than this address takes.", "Send less, or send large values by themselves (PUT /api/v1/values/{hash}).");
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return Bad(408, "The request was too slow", "The request's body came too slowly.", "Send it again over a faster connection.");
            case BadHttpRequestException bad:
                return Bad(bad.StatusCode, "The request is not valid", bad.InnerException is JsonException inner ? Describe(inner) : Texts.Short(bad.Message, 300), "Compare the request with /openapi/v1.json.");
            case JsonException json:
                return Bad(400, "The request is not valid", Describe(json), "Compare the request with /openapi/v1.json.");
            default:
                log.LogError(error, "Request {RequestId} failed.", context.TraceIdentifier);
                return Problems.Of(new KitaruBackendException("The server could not do it, for a reason of its own.", $"Look for request {context.TraceIdentifier} in the server's log.")) with
                {
                    Status = 500,
                    RequestId = context.TraceIdentifier,
                };
        }
    }

    private static Problem Bad(int status, string title, string detail, string next) =>
        Problems.Of(new KitaruUsageException(detail, next)) with { Status = status, Title = title };

    /// <summary>Which member, and what is wrong with it; the reader's own text names .NET types.</summary>
    private static string Describe(JsonException json)
    {
        var text = json.Message;
        var end = text.IndexOf(" Path: ", StringComparison.Ordinal);
        var what = Texts.Short(end < 0 ? text : text[..end], 300);
        var place = json.Path is null or "$" ? "The body" : $"The member {Texts.Short(json.Path, 120)}";
        return $"{place} is not as it must be: {what}";
    }
}
