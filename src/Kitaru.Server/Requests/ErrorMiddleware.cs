using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Mcp;

namespace Kitaru.Server.Requests;

/// <summary>Answers every error as a problem. What is not ours to say, such as where a file lies, stays in the log.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> log, ServerOptions options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 405 or 415 } refused)
                await AnswerAsync(context, Bad(refused.StatusCode, "The request is not valid", Describe(context, refused.StatusCode), "Compare the request with /openapi/v1.json."));
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
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allow;
        context.Response.StatusCode = problem.Status;
        if (problem.MayPass || problem.IsStoreAway)
            context.Response.Headers.RetryAfter = "1";
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = McpEndpoints.MetadataAddress(context) is { } metadata ? $"Bearer resource_metadata=\"{metadata}\"" : "Bearer";
        return context.Response.WriteAsJsonAsync(problem, WireJson.Strict, Problem.MediaType, context.RequestAborted);
    }

    private Problem ProblemOf(HttpContext context, Exception error)
    {
        switch (error)
        {
            case KitaruBackendException { IsOfTheMachine: true } fault:
                log.LogError(error, "Request {RequestId} failed.", context.TraceIdentifier);
                return Problems.Of(options.IsLocal ? fault : StoreFailed(context)) with { RequestId = context.TraceIdentifier, IsStoreAway = true };
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
                return Bad(bad.StatusCode, "The request is not valid", bad.InnerException is JsonException inner ? JsonProblems.Describe(inner) : Texts.Short(bad.Message, 300), "Compare the request with /openapi/v1.json.");
            case JsonException json:
                return Bad(400, "The request is not valid", JsonProblems.Describe(json), "Compare the request with /openapi/v1.json.");
            default:
                log.LogError(error, "Request {RequestId} failed.", context.TraceIdentifier);
                return Problems.Of(new KitaruBackendException("The server could not do it, for a reason of its own.", $"Look for request {context.TraceIdentifier} in the server's log.")) with
                {
                    Status = 500,
                    RequestId = context.TraceIdentifier,
                };
        }
    }

    /// <summary>All that is said of a fault of the machine.</summary>
    public static KitaruBackendException StoreFailed(HttpContext context) => StoreFailed(context.TraceIdentifier);

    /// <inheritdoc cref="StoreFailed(HttpContext)"/>
    public static KitaruBackendException StoreFailed(string request) => new(
        "The server's store is away or has failed. Whether a change was kept is not known until it is read again.",
        $"Ask again a little later. If it stays, whoever runs the server finds the reason in its log, under request {request}.");

    private static Problem Bad(int status, string title, string detail, string next) =>
        Problems.Of(new KitaruUsageException(detail, next)) with { Status = status, Title = title };

    private static string Describe(HttpContext context, int status) => status == 405
        ? $"{Texts.Short(context.Request.Method, 20)} is not a method of this address; it has {context.Response.Headers.Allow}."
        : $"The body must be application/json; it is '{Texts.Short(context.Request.ContentType ?? "nothing", 80)}'.";
}
