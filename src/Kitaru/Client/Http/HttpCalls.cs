using System.Net.Http.Headers;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>The calls of one control plane: as JSON, under its key when it has one, for its execution when it has one.</summary>
internal sealed class HttpCalls(HttpTransport transport, IdempotentRequest? key = null, ExecutionId? run = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private bool _isClaimed;

    public HttpTransport Transport => transport;

    /// <summary>The execution all calls are made for; null for none.</summary>
    public ExecutionId? Run => run;

    /// <summary>Reads.</summary>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), Repeat.Safe, timeout ?? Patience, ReadAsync<T>, cancellationToken);

    /// <summary>Reads what may not be there.</summary>
    /// <param name="what">What is missing then, as the server says it; something else that is missing is an error.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<T?> FindAsync<T>(string what, string path, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await GetAsync<T>(path, cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruNotFoundException missing) when (missing.Details?["missing"]?.ToString() == what)
        {
            return null;
        }
    }

    /// <summary>Asks something that changes nothing and takes more than an address.</summary>
    public Task<T> AskAsync<T>(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(Request(HttpMethod.Post, path, body), Repeat.Safe, Patience, ReadAsync<T>, cancellationToken);

    /// <summary>Writes what no key covers: logs, artifacts, snapshots and the journal.</summary>
    public Task WriteAsync(HttpMethod method, string path, object body, CancellationToken cancellationToken, Repeat repeat = Repeat.Safe) =>
        SendAsync(Request(method, path, body), repeat, Patience, NothingAsync, cancellationToken);

    /// <summary>Writes, and reads what came of it; no key covers it.</summary>
    public Task<T> WriteAsync<T>(HttpMethod method, string path, object body, CancellationToken cancellationToken) =>
        SendAsync(Request(method, path, body), Repeat.Safe, Patience, ReadAsync<T>, cancellationToken);

    /// <summary>Writes what is stored once: that it is there after a lost answer means that it was stored.</summary>
    public Task WriteOnceAsync(string path, object body, CancellationToken cancellationToken) => SendAsync(
        Request(HttpMethod.Post, path, body), Repeat.Safe, Patience, NothingAsync, cancellationToken,
        error => error.GetType() == typeof(KitaruRuntimeException) ? Task.FromResult(true) : null);

    /// <summary>Changes something that is covered by the key, if there is one and it is not used yet.</summary>
    public Task ChangeAsync(HttpMethod method, string path, object? body, Repeat repeat, CancellationToken cancellationToken) =>
        ChangeAsync(method, path, body, repeat, Patience, NothingAsync, cancellationToken);

    /// <summary>Changes, and reads what came of it.</summary>
    public Task<T> ChangeAsync<T>(HttpMethod method, string path, object? body, Repeat repeat, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        ChangeAsync(method, path, body, repeat, timeout ?? Patience, ReadAsync<T>, cancellationToken);

    /// <summary>Sends bytes.</summary>
    public Task PutBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(StoredValue.Bytes) } } },
        Repeat.Safe, Timeout.InfiniteTimeSpan, NothingAsync, cancellationToken);

    /// <summary>Sends a file, from its beginning each time.</summary>
    public Task PutFileAsync(string path, FileStream file, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            file.Position = 0;
            return new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(new Unclosed(file)) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } } };
        },
        Repeat.Safe, Timeout.InfiniteTimeSpan, NothingAsync, cancellationToken);

    /// <summary>Receives into a file, from its beginning each time.</summary>
    public Task GetFileAsync(string path, FileStream file, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Get, path), Repeat.Safe, Timeout.InfiniteTimeSpan,
        async (response, stop) =>
        {
            file.SetLength(0);
            await response.Content.CopyToAsync(file, stop).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Reads bytes.</summary>
    public Task<byte[]> GetBytesAsync(string path, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Get, path), Repeat.Safe, Timeout.InfiniteTimeSpan,
        (response, stop) => response.Content.ReadAsByteArrayAsync(stop), cancellationToken);

    private Task<T> ChangeAsync<T>(
        HttpMethod method, string path, object? body, Repeat repeat, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var under = Volatile.Read(ref _isClaimed) ? null : key;
        var once = repeat == Repeat.Keyed ? $"http:{Guid.CreateVersion7(transport.Time.GetUtcNow()):D}" : null;
        var content = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), WireJson.Strict);
        return SendUnderAsync(under);

        Task<T> SendUnderAsync(IdempotentRequest? request) => SendAsync(
            () =>
            {
                var message = Message(method, path, content);
                if (request is not null)
                    message.Headers.TryAddWithoutValidation(WireHeaders.Under, WireHeaders.Write(request));
                if (once is not null)
                    message.Headers.TryAddWithoutValidation(WireHeaders.IdempotencyKey, once);
                return message;
            },
            repeat, timeout,
            (response, stop) =>
            {
                if (request is not null && response.Headers.TryGetValues(WireHeaders.KeyClaimed, out var claimed) && claimed.First() == "true")
                    Volatile.Write(ref _isClaimed, true);
                return read(response, stop);
            },
            cancellationToken,
            error =>
            {
                if (error is not IdempotencyKeyTakenException || request is null || repeat != Repeat.Safe)
                    return null;
                // Taken by the try whose answer was lost, or by somebody else with the very same request: once more changes nothing and has the answer.
                Volatile.Write(ref _isClaimed, true);
                return SendUnderAsync(null);
            });
    }

    private async Task<T> SendAsync<T>(
        Func<HttpRequestMessage> request, Repeat repeat, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken,
        Func<KitaruException, Task<T>?>? afterLost = null)
    {
        if (run is not { } id)
            return await transport.SendAsync(request, repeat, timeout, read, cancellationToken, afterLost).ConfigureAwait(false);
        try
        {
            return await transport.SendAsync(Named, repeat, timeout, read, cancellationToken, afterLost).ConfigureAwait(false);
        }
        catch (KitaruAccessDeniedException denied) when (denied.Details?[WireHeaders.NotHeld] is not null)
        {
            // To a run this is the end, as where it writes its journal.
            throw new KitaruLeaseLostException(id);
        }

        HttpRequestMessage Named()
        {
            var message = request();
            message.Headers.TryAddWithoutValidation(WireHeaders.Execution, id.ToString());
            return message;
        }
    }

    private static Func<HttpRequestMessage> Request(HttpMethod method, string path, object body)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), WireJson.Strict);
        return () => Message(method, path, content);
    }

    private static HttpRequestMessage Message(HttpMethod method, string path, byte[]? content) => new(method, path)
    {
        Content = content is null ? null : new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(StoredValue.Json) } },
    };

    private static Task<bool> NothingAsync(HttpResponseMessage response, CancellationToken cancellationToken) => Task.FromResult(true);

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync<T>(stream, WireJson.Tolerant, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException error)
        {
            throw new KitaruBackendException(
                $"An answer of the server {transport.Name} could not be read: {Texts.Short(error.Message)}", "Check that server and client are of the same release (kitaru_status).", error);
        }
    }
}
