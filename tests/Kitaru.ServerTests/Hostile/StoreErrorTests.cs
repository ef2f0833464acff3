using System.Text.Json.Nodes;
using Kitaru.Core.Configuration;
using Kitaru.Server;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kitaru.ServerTests.Hostile;

/// <summary>Where the server's store lies is for whoever runs the server.</summary>
public sealed class StoreErrorTests
{
    private const string Inside = "The store db.internal:5432/kitaru (schema kitaru_0190) failed: it cannot be reached. Nothing was written. (Connection refused)";

    [Fact]
    public async Task StoreFault_OfAServer_SaysNothingOfThePlace_AndTheLogSaysAll()
    {
        var log = new Lines();
        var (context, problem) = await AnswerAsync(new KitaruBackendException(Inside, "Check db.internal.", new IOException("10.0.0.7 refused")), isLocal: false, log);

        context.Response.StatusCode.ShouldBe(503);
        context.Response.Headers.RetryAfter.ToString().ShouldBe("1");
        problem["code"]!.ToString().ShouldBe("KitaruBackendError");
        problem["is_store_away"]!.GetValue<bool>().ShouldBeTrue();
        problem["next_step"]!.ToString().ShouldContain(context.TraceIdentifier);
        foreach (var place in new[] { "db.internal", "5432", "kitaru_0190", "10.0.0.7" })
            problem.ToJsonString().ShouldNotContain(place);
        log.Text.ShouldContain(Inside);
        log.Text.ShouldContain("10.0.0.7");
        log.Text.ShouldContain(context.TraceIdentifier);
    }

    [Fact]
    public async Task StoreFault_OfTheUsersOwnServer_SaysThePlace()
    {
        var (_, problem) = await AnswerAsync(new KitaruBackendException("The store /var/lib/a/kitaru.db failed: the disk is full.", "Free some space.", new IOException("full")), isLocal: true, new Lines());

        problem["detail"]!.ToString().ShouldContain("/var/lib/a/kitaru.db");
        problem["next_step"]!.ToString().ShouldBe("Free some space.");
    }

    [Fact]
    public async Task RefusalOfTheStore_IsSaidAsItIs()
    {
        var (context, problem) = await AnswerAsync(new KitaruBackendException("The value with hash aa is not there.", "Store the archive's values first."), isLocal: false, new Lines());

        context.Response.StatusCode.ShouldBe(503);
        problem["detail"]!.ToString().ShouldContain("hash aa");
        problem["is_store_away"].ShouldBeNull();
    }

    private static async Task<(HttpContext Context, JsonNode Problem)> AnswerAsync(Exception error, bool isLocal, Lines log)
    {
        var options = new ServerOptions { Directory = new ConfigDirectory(Path.GetTempPath()), Urls = "http://127.0.0.1:0", IsLocal = isLocal, AdminSecret = TestTokens.Admin };
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = "request-7", Response = { Body = body } };
        await new ErrorMiddleware(_ => throw error, log, options).InvokeAsync(context);
        return (context, JsonNode.Parse(body.ToArray())!);
    }

    private sealed class Lines : ILogger<ErrorMiddleware>
    {
        public string Text { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Text += $"{logLevel} {formatter(state, exception)} {exception}\n";
    }
}
