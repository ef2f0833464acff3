using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>Sends requests: credential and project on each, again where that is safe, errors as they were thrown at the other end.</summary>
internal sealed class HttpTransport : IDisposable
{
    private const int Tries = 6;
    private const int ProblemBytesMax = 256 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>What a proxy says when the server behind it is not there, or asks to slow down.</summary>
    private static readonly HttpStatusCode[] Passing =
        [HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout, HttpStatusCode.TooManyRequests];

    private readonly HttpConnection _connection;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _closed = new();

    public HttpTransport(HttpConnection connection)
    {
        _connection = connection;
        var address = connection.Base();
        Name = HttpConnection.Show(connection.Server);
        _http = new HttpClient(connection.Handler ?? NewHandler(), disposeHandler: connection.Handler is null)
        {
            BaseAddress = address,
            // Each call has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The server's address as errors say it.</summary>
    public string Name { get; }

    public TimeProvider Time => _connection.Time;

    /// <summary>Sends until there is an answer; a refusal is thrown as what it was.</summary>
    /// <param name="request">Makes the request, anew for each try.</param>
    /// <param name="repeat">Whether it may be sent again.</param>
    /// <param name="timeout">How long one try may take.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="afterLost">What to do when it is refused after a try whose answer was lost, and which may be why; null answered means that it is refused.</param>
    public async Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request, Repeat repeat, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken,
        Func<KitaruException, Task<T>?>? afterLost = null)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, typeof(HttpControlPlane));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        var pause = FirstPause;
        var isUnknown = false;
        for (var attempt = 1; ; attempt++)
        {
            Exception failure;
            try
            {
                return await TryAsync(request, timeout, read, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new ObjectDisposedException(typeof(HttpControlPlane).FullName);
            }
            catch (KitaruException error) when (isUnknown && afterLost is not null)
            {
                if (afterLost(error) is { } other)
                    return await other.ConfigureAwait(false);
                throw;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or PassingException)
            {
                failure = error;
            }
            var mayHaveArrived = MayHaveArrived(failure);
            isUnknown |= mayHaveArrived;
            if (attempt == Tries || (mayHaveArrived && repeat == Repeat.Never))
                throw (failure as PassingException)?.Error ?? Unreachable(failure, isUnknown && repeat != Repeat.Safe);
            await Task.Delay(Jitter(pause), Time, stop.Token).ConfigureAwait(false);
            pause *= 2;
        }
    }

    public void Dispose()
    {
        if (_closed.IsCancellationRequested)
            return;
        _closed.Cancel();
        _http.Dispose();
    }

    private async Task<T> TryAsync<T>(
        Func<HttpRequestMessage> make, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = make();
        if (_connection.Token is { } token && await token(cancellationToken).ConfigureAwait(false) is { Length: > 0 } credential)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
        if (_connection.Project is { } project)
            request.Headers.TryAddWithoutValidation(WireHeaders.Project, WireHeaders.Escape(project));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return await read(response, stop.Token).ConfigureAwait(false);
        throw await RefusalAsync(response, stop.Token).ConfigureAwait(false);
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == Problem.MediaType)
        {
            var bytes = await ReadAtMostAsync(response, ProblemBytesMax, cancellationToken).ConfigureAwait(false);
            try
            {
                if (JsonSerializer.Deserialize<Problem>(bytes, WireJson.Tolerant) is { } problem)
                {
                    return problem.MayPass ? new PassingException(problem.Detail, arrived: false)
                        : problem.IsStoreAway ? new PassingException(problem.Detail, arrived: true) { Error = Problems.ToException(problem) }
                        : Problems.ToException(problem);
                }
            }
            catch (JsonException)
            {
                // Then it is no answer of ours.
            }
        }
        if (Passing.Contains(response.StatusCode))
            return new PassingException($"it answered {(int)response.StatusCode}", arrived: response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout);
        return new KitaruBackendException(
            $"The server {Name} answered {(int)response.StatusCode} {Texts.Short(response.ReasonPhrase ?? "", 80)}, and not as a Kitaru server does.",
            "Check that the address is that of a Kitaru server (KITARU_SERVER_URL) and that no proxy stands in between.");
    }

    /// <summary>An answer that was meant to be small.</summary>
    private static async Task<byte[]> ReadAtMostAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancellationToken)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[bytesMax];
        var read = await stream.ReadAtLeastAsync(buffer, bytesMax, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer[..read];
    }

    private static bool MayHaveArrived(Exception failure) => failure switch
    {
        PassingException passing => passing.Arrived,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } => false,
        _ => true,
    };

    private KitaruBackendException Unreachable(Exception failure, bool isUnknown) => new(
        $"The server {Name} did not answer: {Why(failure)}." + (isUnknown ? " Whether it did what was asked is not known." : ""),
        isUnknown
            ? "Look at what was to be changed before asking again; kitaru_status says whether the server is there."
            : "Check that it runs and can be reached from here (kitaru_status), then ask again.",
        failure);

    private static string Why(Exception failure) => failure is OperationCanceledException ? "it took too long" : Texts.Short(failure.Message.TrimEnd('.'), 300);

    private static TimeSpan Jitter(TimeSpan pause) => pause * (0.5 + RandomNumberGenerator.GetInt32(1000) / 1000.0);

    private static SocketsHttpHandler NewHandler() => new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // A credential is for the address it was given for.
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = new ToldSpans(),
    };

    private sealed class PassingException(string message, bool arrived) : Exception(message)
    {
        public bool Arrived { get; } = arrived;

        /// <summary>What the server itself said, if it did; thrown when it does not pass.</summary>
        public KitaruException? Error { get; init; }
    }
}
