using System.Collections.Concurrent;
using System.Net;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Tracing;

/// <summary>Where programs send what they tell: OTLP over HTTP, spans kept, everything else taken and forgotten.</summary>
internal sealed class TraceReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly Task _receiving;

    public TraceReceiver()
    {
        Url = $"http://127.0.0.1:{Ports.Free()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public string Url { get; }

    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>What makes a program send here, soon.</summary>
    public (string Name, string Value)[] Variables =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200")];

    public void Add(Span span) => _spans.Enqueue(span);

    public void Dispose()
    {
        _listener.Close();
        _receiving.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                if (context.Request.Url!.AbsolutePath == "/v1/traces")
                {
                    foreach (var span in TraceMessage.Read(body.ToArray()))
                        Add(span);
                }
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                if (!_listener.IsListening)
                    return;
            }
        }
    }
}
